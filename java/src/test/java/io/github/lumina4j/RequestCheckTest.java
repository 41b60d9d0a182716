package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.testing.Recipes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is drawn or waits. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RequestCheckTest {
  private static LuminaPipeline pipeline;

  @BeforeAll
  static void open() {
    pipeline = LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
  }

  @AfterAll
  static void close() {
    pipeline.close();
  }

  /** Every way to ask refuses in the same words. */
  private static void assertRefused(GenerationRequest request, String... words) {
    Runnable[] ways = {
      () -> pipeline.check(request),
      () -> pipeline.generate(request),
      () -> pipeline.generateAll(request, 2),
      () -> pipeline.generate(request, (PreviewListener) preview -> {}, null)
    };
    for (Runnable way : ways) {
      assertThatThrownBy(way::run)
          .isInstanceOfSatisfying(
              LuminaException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .message()
          .contains(words);
    }
  }

  private static GenerationRequest.Builder request(String prompt) {
    return GenerationRequest.builder(prompt).size(32, 32);
  }

  @Test
  void what_can_be_drawn_passes_while_the_engine_is_busy() {
    pipeline.generate(
        request("A cat.").build(), progress -> pipeline.check(request("A dog.").build()), null);
    pipeline.check(GenerationRequest.builder("A cat.").build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a ", "cat, ", "\u732b", "\uD83D\uDE00"})
  void a_prompt_longer_than_the_model_reads_is_refused_in_no_time(String piece) {
    int limit = pipeline.modelInfo().transformer().maxPositions();
    assertThat(limit).isEqualTo(10240);
    assertRefused(request(piece.repeat(1_000_000)).build(), "the prompt has", "10,240");
  }

  @Test
  void a_size_that_the_model_cannot_say_is_refused() {
    GenerationRequest huge =
        GenerationRequest.builder("A cat.").size(ImageSize.MAX_SIDE, ImageSize.MAX_SIDE).build();
    assertRefused(huge, "38368x38368", "no token for a side of 38368", "longest side is");
  }

  @Test
  void control_tokens_are_refused() {
    assertRefused(request("A cat <racm3:break> here").build(), "<racm3:break>");
  }

  @Test
  void a_pipeline_without_its_image_tokenizer_refuses_pictures_only() {
    PipelineOptions options =
        PipelineOptions.imageTokenizerOnly(Recipes.tiny().resolve("movqgan.safetensors")).build();
    try (LuminaPipeline tokenizer = LuminaPipeline.open(options)) {
      assertThatThrownBy(() -> tokenizer.check(request("A cat.").build()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without a model");
    }
  }

  @Test
  void half_a_character_ends_in_the_builder() {
    assertThatThrownBy(() -> request("a \uD83D cat").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1e300, 1000.001, Double.NaN, Double.POSITIVE_INFINITY})
  void guidance_has_a_range(double scale) {
    assertThatThrownBy(() -> request("A cat.").guidanceScale(scale))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guidance scale must be between 0 and 1000 (got " + scale + ")");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -1, 1e-308, 0.0009, 1e308, 1000.001, Double.NaN, Double.NEGATIVE_INFINITY})
  void temperature_has_a_range(double temperature) {
    assertThatThrownBy(() -> request("A cat.").temperature(temperature))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("temperature must be between 0.001 and 1000 (got " + temperature + ")");
  }

  @Test
  void the_ends_of_the_ranges_draw() {
    for (double scale : new double[] {0, SamplingOptions.MAX_GUIDANCE_SCALE}) {
      for (double temperature :
          new double[] {SamplingOptions.MIN_TEMPERATURE, SamplingOptions.MAX_TEMPERATURE}) {
        GenerationRequest request =
            request("A cat.").guidanceScale(scale).temperature(temperature).build();
        assertThat(pipeline.generate(request).complete()).isTrue();
      }
    }
  }
}

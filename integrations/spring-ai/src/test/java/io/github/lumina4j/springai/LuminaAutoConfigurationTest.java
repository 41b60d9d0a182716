package io.github.lumina4j.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an application gets, over the smallest checkpoint that there is. */
class LuminaAutoConfigurationTest {
  @TempDir static Path folder;

  private static Path model;

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LuminaAutoConfiguration.class));

  @BeforeAll
  static void write() {
    model = folder.resolve("tiny");
    RecipeCheckpoint.write(model, RecipeCheckpoint.Options.of("tiny"));
  }

  @Test
  void spring_boot_finds_it() {
    assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
        .contains(LuminaAutoConfiguration.class.getName());
  }

  @Test
  void an_application_draws_and_closes_the_pipeline_when_it_ends() {
    AtomicReference<LuminaPipeline> opened = new AtomicReference<>();
    GenerationRequest same =
        GenerationRequest.builder("A cat.").size(64, 32).seed(7).guidanceScale(2).build();
    application
        .withPropertyValues(
            "lumina4j.model=" + model,
            "lumina4j.width=64",
            "lumina4j.height=32",
            "lumina4j.seed=7",
            "lumina4j.guidance-scale=2")
        .run(
            context -> {
              opened.set(context.getBean(LuminaPipeline.class));
              ImageResponse response =
                  context.getBean(ImageModel.class).call(new ImagePrompt("A cat."));
              byte[] png =
                  Base64.getDecoder().decode(response.getResult().getOutput().getB64Json());
              RgbImage picture = ImageFiles.read(new ByteArrayInputStream(png), "of the test");
              assertThat(picture).isEqualTo(opened.get().generate(same).image());
            });
    assertThatThrownBy(() -> opened.get().generate(same))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void properties_become_options() {
    application
        .withBean(Generator.class, FakeGenerator::new)
        .withPropertyValues(
            "lumina4j.model=" + model,
            "lumina4j.image-tokenizer=movqgan.safetensors",
            "lumina4j.device=cuda",
            "lumina4j.precision=bf16",
            "lumina4j.quantization=int4:64",
            "lumina4j.threads=3",
            "lumina4j.width=96",
            "lumina4j.height=64",
            "lumina4j.guidance-scale=3.5",
            "lumina4j.top-k=100",
            "lumina4j.temperature=0.5",
            "lumina4j.seed=-1",
            "lumina4j.speculate=mc-lambda",
            "lumina4j.window=8")
        .run(
            context -> {
              LuminaProperties properties = context.getBean(LuminaProperties.class);
              PipelineOptions loaded = properties.pipelineOptions();
              assertThat(loaded.model()).contains(model);
              assertThat(loaded.imageTokenizer()).contains(Path.of("movqgan.safetensors"));
              assertThat(loaded.device().name()).isEqualTo("cuda");
              assertThat(loaded.precision()).isEqualTo(Precision.BF16);
              assertThat(loaded.quantization()).contains(new Quantization("int4:64"));
              assertThat(loaded.threads()).isEqualTo(3);
              assertThat(properties.imageOptions())
                  .isEqualTo(
                      LuminaImageOptions.builder()
                          .model("tiny")
                          .width(96)
                          .height(64)
                          .guidanceScale(3.5)
                          .topK(100)
                          .temperature(0.5)
                          .seed(-1L)
                          .decoding(
                              DecodingOptions.SEQUENTIAL
                                  .withMode(DecodingOptions.Mode.MC_LAMBDA)
                                  .withWindow(8))
                          .build());
            });
  }

  @Test
  void a_generator_of_the_application_is_used_in_the_place_of_a_pipeline() {
    FakeGenerator own = new FakeGenerator();
    application
        .withBean(Generator.class, () -> own)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(LuminaPipeline.class);
              context.getBean(ImageModel.class).call(new ImagePrompt("a fox"));
              assertThat(own.requests).hasSize(1);
            });
  }

  @Test
  void an_image_model_of_the_application_stays_the_only_one() {
    ImageModel own = prompt -> new ImageResponse(List.of());
    application
        .withBean("own", ImageModel.class, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(ImageModel.class);
              assertThat(context.getBean(ImageModel.class)).isSameAs(own);
              assertThat(context).doesNotHaveBean(LuminaPipeline.class);
            });
  }

  @Test
  void another_provider_can_be_chosen() {
    application
        .withPropertyValues("spring.ai.model.image=openai")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ImageModel.class));
    application
        .withBean(Generator.class, FakeGenerator::new)
        .withPropertyValues("spring.ai.model.image=lumina4j")
        .run(context -> assertThat(context).hasSingleBean(LuminaImageModel.class));
  }

  @Test
  void an_application_without_a_usable_model_ends_with_the_reason() {
    application
        .withPropertyValues("lumina4j.model=" + folder.resolve("none"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasRootCauseInstanceOf(CheckpointException.class));
    // Nothing is named, and the demo model is not on this class path.
    application.run(
        context ->
            assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining("io.github.lumina4j:lumina4j-demo-model"));
    application
        .withBean(Generator.class, FakeGenerator::new)
        .withPropertyValues("lumina4j.width=33", "lumina4j.height=32")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("multiples of 32"));
  }

  @Test
  void the_registry_of_the_application_hears_of_calls() {
    AtomicInteger ended = new AtomicInteger();
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                ended.incrementAndGet();
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    application
        .withBean(Generator.class, FakeGenerator::new)
        .withBean(ObservationRegistry.class, () -> registry)
        .run(context -> context.getBean(ImageModel.class).call(new ImagePrompt("a fox")));
    assertThat(ended).hasValue(1);
  }

  @Test
  void editors_know_the_properties() throws IOException {
    try (InputStream in =
        LuminaProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains("lumina4j.model", "lumina4j.guidance-scale", "strength of classifier-free");
    }
  }
}

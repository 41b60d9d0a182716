package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.Panels;
import io.github.lumina4j.testing.Recipes;
import io.github.lumina4j.verifier.LikelihoodVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and results, end to end over the smallest checkpoint. */
class GenerationTest {
  private static LuminaPipeline pipeline;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    pipeline = LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
  }

  @AfterAll
  static void close() {
    pipeline.close();
  }

  private static RgbImage photo(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    new Random(1).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }

  @Test
  void a_prompt_gives_a_picture_of_the_asked_size() {
    GenerationResult result =
        pipeline.generate(GenerationRequest.builder("A cat.").size(96, 64).seed(7).build());
    assertThat(result.complete()).isTrue();
    assertThat(result.image().width()).isEqualTo(96);
    assertThat(result.image().height()).isEqualTo(64);
    assertThat(result.mainImage()).isEqualTo(result.image());
    assertThat(result.codes().rows()).isEqualTo(8);
    assertThat(result.codes().columns()).isEqualTo(12);
    assertThat(result.stats().generatedTokens()).isEqualTo(8 * 13 + 1);
    assertThat(pipeline.decode(result.codes())).isEqualTo(result.image());
  }

  private static GenerationResult cat(DecodingOptions decoding) {
    return pipeline.generate(
        GenerationRequest.builder("A cat.").size(96, 64).seed(7).decoding(decoding).build());
  }

  @Test
  void fixed_noise_gives_the_sequential_picture() {
    GenerationResult sequential = cat(DecodingOptions.SEQUENTIAL);
    DecodingOptions gum = DecodingOptions.SEQUENTIAL.withMode(DecodingOptions.Mode.GUM);
    GenerationResult speculative = cat(gum.withWindow(8));
    assertThat(speculative.codes()).isEqualTo(sequential.codes());
    assertThat(speculative.stats().passes()).isLessThan(sequential.stats().passes());
    assertThat(sequential.stats().codesPerPass()).containsExactly(0L, 96L);
    assertThat(sequential.stats().meanCodesPerPass()).isEqualTo(1);
    assertThat(sequential.stats().window()).isEqualTo(1);
  }

  @Test
  void every_way_to_decode_makes_a_whole_picture_and_says_how() {
    for (DecodingOptions.Mode mode : DecodingOptions.Mode.values()) {
      GenerationResult result = cat(DecodingOptions.SEQUENTIAL.withMode(mode));
      GenerationStats stats = result.stats();
      assertThat(result.complete()).isTrue();
      assertThat(stats.codes()).isEqualTo(96);
      assertThat(stats.modelSeconds()).isPositive();
      assertThat(stats.samplingSeconds()).isPositive();
      assertThat(stats.lawShift() > 0).isEqualTo(mode == DecodingOptions.Mode.MC_LAMBDA);
      DecodingOptions decided = result.request().decoding();
      assertThat(decided.window()).isEqualTo(decided.speculative() ? stats.window() : 0);
      assertThat(cat(decided).codes()).isEqualTo(result.codes());
    }
  }

  @Test
  void pictures_that_are_drawn_together_are_those_of_their_seeds() {
    GenerationRequest request = GenerationRequest.builder("A cat.").size(96, 64).seed(7).build();
    List<Integer> pictures = new ArrayList<>();
    List<GenerationResult> results = new ArrayList<>();
    pipeline.generateAll(
        request.withDecoding(DecodingOptions.SEQUENTIAL.withTogether(3)),
        4,
        progress -> pictures.add(progress.pictures()),
        null,
        result -> {
          results.add(result);
          // The pipeline is free by then.
          assertThat(pipeline.decode(result.codes())).isEqualTo(result.image());
        });
    assertThat(results).hasSize(4);
    assertThat(pictures).isSortedAccordingTo(Comparator.reverseOrder()).contains(3, 1);
    for (int i = 0; i < 4; i++) {
      GenerationResult alone = pipeline.generate(request.withSeed(7 + i));
      assertThat(results.get(i).codes()).isEqualTo(alone.codes());
      assertThat(results.get(i).image()).isEqualTo(alone.image());
      assertThat(results.get(i).request().sampling().seed()).isEqualTo(7 + i);
      assertThat(results.get(i).request().decoding().together()).isEqualTo(i < 3 ? 3 : 1);
    }
    assertThat(pipeline.generateAll(request, 2))
        .extracting(GenerationResult::codes)
        .containsExactly(results.get(0).codes(), results.get(1).codes());
    assertThatThrownBy(() -> pipeline.generateAll(request, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 or more");
  }

  @Test
  void whoever_watches_rows_watches_one_picture_at_a_time() {
    GenerationRequest request = GenerationRequest.builder("A cat.").size(64, 64).seed(7).build();
    List<Integer> pictures = new ArrayList<>();
    List<ImageCodes> last = new ArrayList<>();
    PreviewListener listener =
        new PreviewListener() {
          @Override
          public void onProgress(Progress progress) {
            pictures.add(progress.pictures());
          }

          @Override
          public void onPreview(Preview preview) {
            if (preview.rowsDone() == preview.rowsTotal()) {
              last.add(preview.codes());
            }
          }
        };
    List<GenerationResult> results = new ArrayList<>();
    pipeline.generateAll(request, 2, listener, null, results::add);
    assertThat(pictures).containsOnly(1);
    assertThat(last).isEqualTo(results.stream().map(GenerationResult::codes).toList());
  }

  @Test
  void decoding_options_are_checked() {
    for (int window : new int[] {-1, 3, 65}) {
      assertThatThrownBy(() -> DecodingOptions.SPECULATIVE.withWindow(window))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(got " + window + ")");
    }
    for (double lambda : new double[] {0.9, 1e300, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> DecodingOptions.SPECULATIVE.withLambda(lambda))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("got " + lambda);
    }
  }

  @Test
  void pictures_that_are_encoded_together_get_the_codes_they_get_alone() {
    RgbImage wide = photo(48, 32);
    List<RgbImage> pictures = List.of(wide, wide.crop(0, 0, 48, 32), other(48, 32), wide);
    List<ImageCodes> together = pipeline.encode(pictures);
    assertThat(together).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(together.get(i)).isEqualTo(pipeline.encode(pictures.get(i)));
    }
    assertThat(together.get(2)).isNotEqualTo(together.get(0));
    assertThatThrownBy(() -> pipeline.encode(List.of(wide, photo(32, 32))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one size");
    assertThatThrownBy(() -> pipeline.encode(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pipeline.encode(List.of(photo(33, 32), photo(33, 32))))
        .hasMessageContaining("33x32");
  }

  private static RgbImage other(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    new Random(2).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }

  @Test
  void the_seed_decides_the_picture() {
    GenerationRequest request = GenerationRequest.builder("A cat.").size(64, 64).seed(7).build();
    GenerationResult first = pipeline.generate(request);
    assertThat(pipeline.generate(request).image()).isEqualTo(first.image());
    assertThat(pipeline.generate(request.withSeed(8)).codes()).isNotEqualTo(first.codes());
  }

  @Test
  void the_prompt_decides_the_picture_whatever_its_script() {
    GenerationRequest.Builder cat = GenerationRequest.builder("一只猫 🐱").size(32, 32).seed(1);
    GenerationRequest.Builder dog = GenerationRequest.builder("一只狗 🐶").size(32, 32).seed(1);
    assertThat(pipeline.generate(cat.build()).codes())
        .isNotEqualTo(pipeline.generate(dog.build()).codes());
  }

  @Test
  void a_given_picture_is_the_upper_half() {
    RgbImage photo = photo(100, 80);
    GenerationResult result =
        pipeline.generate(
            GenerationRequest.builder("A cat.")
                .task("i2i-depth")
                .size(64, 128)
                .image(photo)
                .build());
    ImageCodes given = pipeline.encode(CenterCrop.centerCrop(photo, 64, 64));
    assertThat(Arrays.copyOf(result.codes().values(), 64)).isEqualTo(given.values());
    assertThat(result.image().height()).isEqualTo(128);
    assertThat(result.mainImage()).isEqualTo(Panels.lowerHalf(result.image()));
  }

  private static double likelihood(GenerationRequest request, int rows, int columns) {
    int[] codes = new Random(3).ints((long) rows * columns, 0, 64).toArray();
    return pipeline.logLikelihood(request, new ImageCodes(rows, columns, codes));
  }

  private static void refused(GenerationRequest request, int rows, int columns, String reason) {
    assertThatThrownBy(() -> likelihood(request, rows, columns))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(reason);
  }

  @Test
  void what_the_model_draws_it_finds_likely() {
    GenerationRequest request =
        GenerationRequest.builder("A cat.").size(64, 96).imageTopK(1).seed(7).build();
    GenerationResult greedy = pipeline.generate(request);
    double own = pipeline.logLikelihood(greedy.request(), greedy.codes());
    // The best of 64 codes is at least as likely as all of them alike.
    assertThat(own).isBetween(-Math.log(64), 0.0).isGreaterThan(likelihood(request, 12, 8));
    assertThat(pipeline.logLikelihood(request.withSeed(8), greedy.codes())).isEqualTo(own);
    GenerationRequest other = GenerationRequest.builder("A dog.").size(64, 96).build();
    assertThat(pipeline.logLikelihood(other, greedy.codes())).isNotEqualTo(own);
    Verifier verifier = new LikelihoodVerifier(pipeline::logLikelihood);
    assertThat(verifier.score(greedy, new CancellationToken())).isEqualTo(own);
    // Rows that exist are enough, in the size that was asked for.
    assertThat(likelihood(request, 3, 8)).isNegative();
    refused(request, 13, 8, "13 rows of 8 codes are none of a picture of 64x96");
    refused(request, 12, 12, "12 rows of 12 codes are none of a picture of 64x96");
  }

  @Test
  void rows_of_a_given_picture_are_not_scored() {
    GenerationRequest request =
        GenerationRequest.builder("A cat.")
            .task("i2i-depth")
            .size(64, 128)
            .imageTopK(1)
            .image(photo(64, 64))
            .build();
    GenerationResult greedy = pipeline.generate(request);
    assertThat(pipeline.logLikelihood(request, greedy.codes())).isBetween(-Math.log(64), 0.0);
    refused(request, 8, 8, "8 given rows of 8 leave none that the model drew");
  }

  @Test
  void a_size_that_the_model_draws_is_that_of_its_codes() {
    GenerationRequest drawn =
        GenerationRequest.builder("A cat.")
            .size(64, 96)
            .mode(SamplingOptions.Mode.REFERENCE)
            .build();
    assertThat(likelihood(drawn, 12, 8))
        .isEqualTo(likelihood(GenerationRequest.builder("A cat.").size(64, 96).build(), 12, 8));
    assertThat(likelihood(drawn, 7, 4)).isNegative();
    refused(drawn, 4, 3, "24x32");
  }

  @Test
  void every_task_makes_a_picture() {
    for (Task task : Tasks.builtIn()) {
      GenerationRequest.Builder request =
          GenerationRequest.builder(task.prompt() == Task.Need.NONE ? "" : "A cat.")
              .task(task)
              .size(32, 64);
      if (task.needsImage()) {
        request.image(photo(32, 32));
      }
      if (task.description() == Task.Need.REQUIRED) {
        request.description("a cat");
      }
      assertThat(pipeline.generate(request.build()).complete()).as(task.name()).isTrue();
    }
  }

  @Test
  void top_k_1_is_the_same_for_every_seed() {
    SamplingOptions greedy = SamplingOptions.DEFAULT.withImageTopK(1);
    GenerationRequest request =
        GenerationRequest.builder("A cat.").size(64, 64).sampling(greedy).build();
    assertThat(pipeline.generate(request).codes())
        .isEqualTo(pipeline.generate(request.withSeed(99)).codes());
  }

  @Test
  void control_tokens_in_user_text_are_refused_by_name() {
    assertThatThrownBy(
            () ->
                pipeline.generate(
                    GenerationRequest.builder("A cat <racm3:break> here").size(32, 32).build()))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("<racm3:break>");
  }

  @Test
  void wrong_sizes_and_missing_inputs_end_in_the_request() {
    assertThatThrownBy(() -> GenerationRequest.builder("A cat.").size(100, 64).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100x64");
    assertThatThrownBy(
            () -> GenerationRequest.builder("A cat.").task("pair-depth").size(64, 96).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GenerationRequest.builder("A cat.").task("i2i-depth").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("picture");
    assertThatThrownBy(() -> GenerationRequest.builder("  ").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt");
  }

  @Test
  void a_default_size_follows_the_given_picture() {
    GenerationRequest request =
        GenerationRequest.builder("A cat.").task("i2i-depth").image(photo(200, 100)).build();
    assertThat(request.size().width()).isEqualTo(request.size().height());
    assertThat(GenerationRequest.builder("A cat.").build().size())
        .isEqualTo(new ImageSize(768, 768));
  }

  @Test
  void codes_outside_the_codebook_are_refused() {
    assertThatThrownBy(() -> pipeline.decode(new ImageCodes(1, 2, new int[] {0, 64})))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("64")
        .extracting(e -> ((LuminaException) e).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void model_info_says_what_is_loaded() {
    ModelInfo info = pipeline.modelInfo();
    assertThat(info.transformer().layers()).isEqualTo(2);
    assertThat(info.imageTokenizer().codebookSize()).isEqualTo(64);
    assertThat(info.memory()).isNotEmpty();
    assertThat(ModelInfo.inspect(Recipes.tiny()).transformer())
        .usingRecursiveComparison()
        .ignoringFields("configNotes") // of an inspected one
        .isEqualTo(info.transformer());
  }

  @Test
  void a_folder_without_a_model_is_a_checkpoint_error() {
    assertThatThrownBy(() -> LuminaPipeline.open(PipelineOptions.builder(folder).build()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void damaged_weights_are_named() throws IOException {
    Path copy = Recipes.copyOfTiny(folder.resolve("model"));
    Path weights;
    try (var files = Files.list(copy)) {
      weights =
          files
              .filter(file -> file.getFileName().toString().startsWith("model"))
              .filter(file -> file.toString().endsWith(".safetensors"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> LuminaPipeline.open(PipelineOptions.builder(copy).build()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(weights.getFileName().toString());
  }

  @Test
  void an_unknown_device_is_refused_with_the_known_ones() {
    assertThatThrownBy(
            () ->
                LuminaPipeline.open(
                    PipelineOptions.builder(Recipes.tiny()).device(new Device("abacus")).build()))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("abacus")
        .hasMessageContaining("cpu");
    assertThatThrownBy(
            () ->
                LuminaPipeline.open(
                    PipelineOptions.builder(Recipes.tiny()).device(new Device("cuda")).build()))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("--device cpu");
  }
}

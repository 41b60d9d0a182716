package io.github.lumina4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.testing.PixelRecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training a very small image tokenizer, really. */
class TrainingRunTest {
  private static final int STEPS = 3;

  @TempDir static Path shared;
  private static Path unbroken;
  private static final List<TrainingProgress> HEARD = new ArrayList<>();
  private static TrainingResult result;

  @TempDir Path folder;

  static TokenizerTraining job(Path output) {
    return TokenizerTraining.builder(output)
        .source(shared.resolve("pixels.safetensors"), 1)
        .shape(
            new TokenizerTraining.Shape(
                32, List.of(1, 1, 1, 1), List.of(false, false, false, true), 1, 16, 4, 4))
        .freeSteps(1)
        .options(
            TokenizerTraining.defaultOptions().toBuilder()
                .length(TrainingLength.steps(STEPS))
                .batchSize(2)
                .learningRate(1e-3)
                .validationRecords(2)
                .saveEvery(2)
                .threads(1)
                .build())
        .build();
  }

  @BeforeAll
  static void train() throws IOException {
    PixelRecordFile.write(shared.resolve("pixels.safetensors"), 16, 32);
    unbroken = shared.resolve("unbroken");
    result = job(unbroken).run(HEARD::add, null);
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("final/movqgan.safetensors"));
  }

  @Test
  void every_update_is_heard_of() {
    assertThat(HEARD).extracting(TrainingProgress::step).containsExactly(1L, 2L, 3L);
    assertThat(HEARD).extracting(TrainingProgress::steps).containsOnly((long) STEPS);
    assertThat(HEARD).allSatisfy(update -> assertThat(update.loss()).isBetween(0.1, 3.0));
    assertThat(HEARD)
        .extracting(TrainingProgress::learningRate)
        .isSortedAccordingTo((a, b) -> -a.compareTo(b));
    assertThat(HEARD.get(0).metrics())
        .containsKeys("loss", "psnr")
        .doesNotContainKey("validation_psnr");
    assertThat(HEARD.get(2).metrics()).containsKeys("validation_psnr", "validation_codes");
  }

  @Test
  void the_result_tells_where_the_model_is_and_the_model_works() {
    assertThat(result)
        .isEqualTo(
            new TrainingResult(
                unbroken.resolve("final"), 0, STEPS, true, HEARD.get(STEPS - 1).loss()));
    Path model = result.model().resolve("movqgan.safetensors");
    try (LuminaPipeline pipeline =
        LuminaPipeline.open(PipelineOptions.imageTokenizerOnly(model).threads(1).build())) {
      RgbImage grey = new RgbImage(16, 16, new byte[16 * 16 * 3]);
      assertThat(pipeline.decode(pipeline.encode(grey)).width()).isEqualTo(16);
    }
  }

  @Test
  void the_run_folder_has_log_and_curves_and_a_checkpoint() {
    assertThat(unbroken.resolve("curves.png")).exists();
    assertThat(unbroken.resolve("log.jsonl")).content().hasLineCount(STEPS);
    assertThat(unbroken.resolve("step-00000002/training-state.safetensors")).exists();
  }

  @Test
  void a_cancelled_run_goes_on_to_the_same_result() throws IOException {
    Path run = folder.resolve("run");
    CancellationToken token = new CancellationToken();
    assertThatThrownBy(() -> job(run).run(progress -> token.cancel(), token))
        .isInstanceOf(GenerationCancelledException.class);
    assertThat(run.resolve("step-00000001")).isDirectory();
    assertThat(run.resolve("curves.png")).exists();
    TrainingResult rest = job(run).run(null, null);
    assertThat(rest.firstStep()).isEqualTo(1);
    assertThat(weights(run)).isEqualTo(weights(unbroken));
  }

  @Test
  void what_a_listener_throws_comes_out_unchanged_and_a_checkpoint_is_written() {
    IllegalStateException thrown = new IllegalStateException("enough");
    Path run = folder.resolve("run");
    assertThatThrownBy(
            () ->
                job(run)
                    .run(
                        progress -> {
                          throw thrown;
                        },
                        null))
        .isSameAs(thrown);
    assertThat(run.resolve("step-00000001")).isDirectory();
  }

  @Test
  void a_folder_of_another_run_is_refused() {
    TokenizerTraining other = job(unbroken);
    TokenizerTraining changed =
        TokenizerTraining.builder(unbroken)
            .source(other.sources().get(0).path(), 1)
            .shape(other.shape())
            .crop(16)
            .freeSteps(1)
            .options(other.options())
            .build();
    assertThatThrownBy(() -> changed.run(null, null))
        .isInstanceOfSatisfying(
            LuminaException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("crop");
  }

  @Test
  void records_that_are_none_are_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("pixels.safetensors"), "no records");
    TokenizerTraining job =
        TokenizerTraining.builder(folder.resolve("run"))
            .source(file, 1)
            .shape(job(unbroken).shape())
            .build();
    assertThatThrownBy(() -> job.run(null, null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString());
  }
}

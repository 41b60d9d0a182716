package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import io.github.lumina4j.model.CacheFolder;
import io.github.lumina4j.testing.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pictures in the making, on recipe weights. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PreviewTest {
  private static final Path FOLDER = CacheFolder.path().resolve("previews");

  /** Keeps every preview. */
  private static final class Recorder implements PreviewListener {
    final List<Preview> seen = new ArrayList<>();
    int rowsHeard;

    @Override
    public void onProgress(Progress progress) {
      rowsHeard = progress.rowsDone();
    }

    @Override
    public void onPreview(Preview preview) {
      assertThat(preview.rowsDone()).as("progress comes first").isEqualTo(rowsHeard);
      seen.add(preview);
    }
  }

  @BeforeEach
  void emptyCache() throws IOException {
    for (Path file : cached()) {
      Files.delete(file);
    }
  }

  private static List<Path> cached() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.toList();
    }
  }

  private static LuminaPipeline open() {
    return LuminaPipeline.open(PipelineOptions.builder(Recipes.tiny()).build());
  }

  private static GenerationRequest.Builder request() {
    return GenerationRequest.builder("A cat.").size(64, 64).seed(5);
  }

  private static void assertBegins(ImageCodes whole, Preview preview) {
    int[] part = preview.codes().values();
    assertThat(part).hasSize(preview.rowsDone() * whole.columns());
    assertThat(Arrays.copyOf(whole.values(), part.length)).isEqualTo(part);
  }

  @Test
  void every_row_is_seen_and_begins_the_result() {
    Recorder recorder = new Recorder();
    try (LuminaPipeline pipeline = open()) {
      GenerationResult result = pipeline.generate(request().build(), recorder, null);
      assertThat(recorder.seen)
          .extracting(Preview::rowsDone)
          .isEqualTo(IntStream.rangeClosed(1, 8).boxed().toList());
      assertThat(recorder.seen)
          .allSatisfy(
              preview -> {
                assertThat(preview.rowsTotal()).isEqualTo(8);
                assertBegins(result.codes(), preview);
              });
    }
  }

  @Test
  void speculation_shows_what_is_decided_only() {
    Recorder recorder = new Recorder();
    try (LuminaPipeline pipeline = open()) {
      GenerationResult result =
          pipeline.generate(
              request().decoding(DecodingOptions.SPECULATIVE).build(), recorder, null);
      assertThat(recorder.seen).extracting(Preview::rowsDone).isSorted().doesNotHaveDuplicates();
      assertThat(recorder.seen.get(recorder.seen.size() - 1).codes()).isEqualTo(result.codes());
      assertThat(recorder.seen).allSatisfy(preview -> assertBegins(result.codes(), preview));
    }
  }

  @Test
  void a_given_half_is_there_from_the_start_and_not_announced() {
    byte[] pixels = new byte[64 * 64 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 7);
    }
    Recorder recorder = new Recorder();
    try (LuminaPipeline pipeline = open()) {
      RgbImage given = new RgbImage(64, 64, pixels);
      pipeline.generate(request().task("edit").image(given).size(64, 128).build(), recorder, null);
      assertThat(recorder.seen)
          .extracting(Preview::rowsDone)
          .isEqualTo(IntStream.rangeClosed(9, 16).boxed().toList());
      assertThat(recorder.seen.get(0).codes().split(9).subList(0, 8))
          .isEqualTo(pipeline.encode(given).split(8));
    }
  }

  @Test
  void the_projection_is_made_of_patches_and_an_empty_rest() throws IOException {
    Recorder recorder = new Recorder();
    try (LuminaPipeline pipeline = open()) {
      pipeline.generate(request().build(), recorder, null);
      assertThat(cached()).as("nothing is fitted before somebody looks").isEmpty();
      Preview preview = recorder.seen.get(2);
      RgbImage image = preview.image();
      RgbImage patches = ImageFiles.read(cached().get(0));
      assertThat(patches.width()).isEqualTo(8);
      assertThat(patches.height()).isEqualTo(8 * 64);
      int[] codes = preview.codes().values();
      for (int i = 0; i < codes.length; i++) {
        assertThat(image.crop(i % 8 * 8, i / 8 * 8, 8, 8))
            .as("code %s", i)
            .isEqualTo(patches.crop(0, codes[i] * 8, 8, 8));
      }
      assertThat(image).isEqualTo(Panels.unfinished(image.crop(0, 0, 64, 24), 64));
      assertThat(image.rgb(0, 24)).isNotEqualTo(image.rgb(16, 24));
      assertThat(recorder.seen.get(7).image().height()).isEqualTo(64);
    }
  }

  @Test
  void patches_are_fitted_once_and_a_damaged_file_is_replaced() throws IOException {
    RgbImage fitted = firstPreview().image();
    Path file = cached().get(0);
    byte[] kept = Files.readAllBytes(file);

    byte[] grey = new byte[8 * 8 * 64 * 3];
    Arrays.fill(grey, (byte) 77);
    ImageFiles.write(file, new RgbImage(8, 8 * 64, grey));
    assertThat(firstPreview().image().rgb(63, 7)).isEqualTo(0x4d4d4d);

    Files.write(file, Arrays.copyOf(kept, kept.length / 2));
    assertThat(firstPreview().image()).isEqualTo(fitted);
    assertThat(Files.readAllBytes(file)).isEqualTo(kept);
  }

  /** Of a new pipeline, looked at once before that is closed. */
  private static Preview firstPreview() {
    Recorder recorder = new Recorder();
    try (LuminaPipeline pipeline = open()) {
      pipeline.generate(request().build(), recorder, null);
      recorder.seen.get(0).image();
    }
    return recorder.seen.get(0);
  }

  @Test
  void the_decoder_shows_what_the_result_will_be() {
    Recorder recorder = new Recorder();
    List<RgbImage> decoded = new ArrayList<>();
    PreviewListener looking = preview -> decoded.add(preview.decoded());
    try (LuminaPipeline pipeline = open()) {
      GenerationResult result = pipeline.generate(request().build(), looking, null);
      assertThat(decoded).hasSize(8).allSatisfy(image -> assertThat(image.height()).isEqualTo(64));
      assertThat(decoded.get(7)).isEqualTo(result.image());
      pipeline.generate(request().build(), recorder, null);
      assertThat(recorder.seen.get(7).decoded()).as("later").isEqualTo(result.image());
      Preview first = recorder.seen.get(0);
      assertThat(CompletableFuture.supplyAsync(first::decoded).join())
          .as("on another thread")
          .isEqualTo(decoded.get(0));
    }
  }

  @Test
  void looking_is_cancelled_with_the_request() {
    for (int way = 0; way < 2; way++) {
      boolean decode = way == 1;
      CancellationToken token = new CancellationToken();
      PreviewListener looking =
          preview -> {
            token.cancel();
            RgbImage image = decode ? preview.decoded() : preview.image();
            throw new AssertionError("it came to " + image);
          };
      try (LuminaPipeline pipeline = open()) {
        assertThatThrownBy(() -> pipeline.generate(request().build(), looking, token))
            .isInstanceOf(GenerationCancelledException.class);
      }
    }
  }

  @Test
  void an_exception_of_the_listener_comes_out_unchanged() {
    IllegalArgumentException failure = new IllegalArgumentException("no window");
    PreviewListener failing =
        preview -> {
          throw failure;
        };
    try (LuminaPipeline pipeline = open()) {
      assertThatThrownBy(() -> pipeline.generate(request().build(), failing, null))
          .isSameAs(failure);
    }
  }

  @Test
  void a_closed_pipeline_decodes_no_more() {
    Preview preview = firstPreview();
    assertThat(preview.image().width()).as("its patches are known").isEqualTo(64);
    assertThatThrownBy(preview::decoded)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void more_rows_than_the_picture_has_are_refused() {
    ImageCodes codes = new ImageCodes(2, 1, new int[2]);
    assertThatThrownBy(() -> new Preview(codes, 1, c -> null, c -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 rows of a picture that has 1");
  }
}

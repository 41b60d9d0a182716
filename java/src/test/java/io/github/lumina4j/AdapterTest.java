package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.testing.Recipes;
import io.github.lumina4j.testing.TinyAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters in options, in a loaded model and in a merged checkpoint. */
class AdapterTest {
  private static final int WIDTH = 64;

  @TempDir Path folder;

  private Path adapter(String name, int width) throws IOException {
    return TinyAdapter.write(Files.createDirectory(folder.resolve(name)), width);
  }

  private static ImageCodes draw(PipelineOptions.Builder options) {
    try (LuminaPipeline pipeline = LuminaPipeline.open(options.build())) {
      return pipeline
          .generate(GenerationRequest.builder("A cat.").size(64, 64).seed(7).build())
          .codes();
    }
  }

  private static ImageCodes draw(List<Adapter> adapters) {
    return draw(PipelineOptions.builder(Recipes.tiny()).adapters(adapters));
  }

  @Test
  void the_scale_decides_how_much_an_adapter_changes_the_picture() throws IOException {
    Path path = adapter("an adapter", WIDTH);
    ImageCodes plain = draw(List.of());
    ImageCodes full = draw(List.of(Adapter.of(path)));
    assertThat(draw(List.of(new Adapter(path, 0)))).isEqualTo(plain);
    assertThat(full).isNotEqualTo(plain);
    assertThat(draw(List.of(new Adapter(path, -1)))).isNotIn(plain, full);
    // The file stands for its folder, and adapters add up.
    Path file = path.resolve("adapter_model.safetensors");
    assertThat(
            draw(PipelineOptions.builder(Recipes.tiny()).adapter(path, 0.75).adapter(file, 0.25)))
        .isEqualTo(full);
  }

  @Test
  void a_merged_checkpoint_draws_what_the_model_draws_with_the_adapters() throws IOException {
    List<Adapter> adapters =
        List.of(new Adapter(adapter("a", WIDTH), 0.5), new Adapter(adapter("b", WIDTH), 0.4));
    Path merged = folder.resolve("merged");
    MergedCheckpoint.write(merged, Recipes.tiny(), adapters);
    assertThat(draw(PipelineOptions.builder(merged)))
        .isEqualTo(draw(adapters))
        .isNotEqualTo(draw(List.of()));
    assertThatThrownBy(() -> MergedCheckpoint.write(merged, Recipes.tiny(), adapters))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(merged.toString());
  }

  @Test
  void an_adapter_that_is_missing_or_of_another_model_is_named_and_nothing_is_written()
      throws IOException {
    Path merged = folder.resolve("merged");
    Path missing = folder.resolve("missing");
    Path wide = adapter("wide", 2 * WIDTH);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    for (Path path : List.of(missing, wide, empty)) {
      List<Adapter> adapters = List.of(Adapter.of(path));
      assertThatThrownBy(() -> draw(adapters))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(path.toString());
      assertThatThrownBy(() -> MergedCheckpoint.write(merged, Recipes.tiny(), adapters))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(path.toString());
    }
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("wide", "empty");
  }

  @Test
  void a_merge_without_adapters_is_refused() {
    Path merged = folder.resolve("merged");
    assertThatThrownBy(() -> MergedCheckpoint.write(merged, Recipes.tiny(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(merged).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void a_scale_is_finite(double scale) {
    assertThatThrownBy(() -> new Adapter(folder, scale))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Double.toString(scale));
  }

  @Test
  void options_keep_adapters_in_their_order_and_need_a_model_for_them() {
    Path other = folder.resolve("other");
    PipelineOptions.Builder builder = PipelineOptions.builder(folder).adapter(other);
    PipelineOptions options =
        builder.adapters(List.of(Adapter.of(folder))).adapter(other, 2).build();
    assertThat(options.adapters()).containsExactly(new Adapter(folder, 1), new Adapter(other, 2));
    PipelineOptions.Builder pictures = PipelineOptions.imageTokenizerOnly(other).adapter(folder);
    assertThatThrownBy(pictures::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model");
  }
}

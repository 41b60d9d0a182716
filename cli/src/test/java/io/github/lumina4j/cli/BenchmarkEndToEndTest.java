package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures for outside benchmarks, by the demo model. */
class BenchmarkEndToEndTest {
  private static final String PROMPT = "a red circle left of a blue square";

  @TempDir Path folder;

  private Program.Result succeed(Object... args) {
    Program program = new Program(new LibraryBackend());
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    Program.Result result =
        program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  @Test
  void both_benchmarks_get_the_same_pictures_in_their_own_layout() throws IOException {
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    Files.writeString(prompts.resolve("item7.txt"), PROMPT + "\n");
    Path metadata = folder.resolve("metadata.jsonl");
    Files.writeString(metadata, "{\"tag\": \"position\", \"prompt\": \"" + PROMPT + "\"}\n");
    Path images = folder.resolve("images");
    succeed("evaluate", "--geneval", images, "--prompts", metadata, "-q");
    succeed("evaluate", "--dpg", prompts, "-o", folder.resolve("grids"), "-q");

    List<RgbImage> samples =
        IntStream.range(0, 4)
            .mapToObj(i -> ImageFiles.read(images.resolve("00000/samples/0000" + i + ".png")))
            .toList();
    assertThat(samples).doesNotHaveDuplicates();
    int side = samples.get(0).width();
    RgbImage grid = ImageFiles.read(folder.resolve("grids/item7.png"));
    assertThat(List.of(grid.width(), grid.height())).containsExactly(2 * side, 2 * side);
    for (int i = 0; i < 4; i++) {
      assertThat(grid.crop(i % 2 * side, i / 2 * side, side, side)).isEqualTo(samples.get(i));
    }
  }

  @Test
  void the_model_itself_can_choose_the_samples() throws IOException {
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    Files.writeString(prompts.resolve("item7.txt"), PROMPT);
    Path first = folder.resolve("first");
    Path best = folder.resolve("best");
    succeed("evaluate", "--dpg", prompts, "-o", first, "-q");
    succeed(
        "evaluate", "--dpg", prompts, "-o", best, "--best-of", 3, "--verifier", "likelihood", "-q");
    assertThat(ImageFiles.read(best.resolve("item7.png")))
        .isNotEqualTo(ImageFiles.read(first.resolve("item7.png")));
  }
}

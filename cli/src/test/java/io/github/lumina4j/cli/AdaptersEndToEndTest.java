package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From examples over a trained adapter to pictures, on the real library. */
class AdaptersEndToEndTest {
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  @BeforeEach
  void recipesGoToTheFolderOfTheTest() {
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    program.variables.put("LUMINA_MODEL", "recipe:tiny");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private void succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isZero();
  }

  private int[] draw(String name, Object... model) {
    Object[] request = {
      "generate",
      "fox",
      "--size",
      "64x64",
      "--seed",
      7,
      "-o",
      file(name + ".png"),
      "--save-tokens",
      file(name + ".json")
    };
    succeed(Stream.concat(Stream.of(request), Stream.of(model)).toArray());
    return TokenFile.read(file(name + ".json")).codes();
  }

  private Path trained() throws IOException {
    byte[] pixels = new byte[64 * 64 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 251);
    }
    ImageFiles.write(file("given.png"), new RgbImage(64, 64, pixels));
    Files.writeString(
        file("in.jsonl"), "{\"task\":\"t2i\",\"prompt\":\"fox\",\"images\":[\"given.png\"]}\n");
    succeed("tokenize", file("in.jsonl"), file("records"), "--target-size", 64);
    succeed(
        "finetune",
        "--data",
        file("records"),
        "-o",
        file("run"),
        "--lora-rank",
        2,
        "--batch-size",
        1,
        "--accumulation",
        1,
        "--steps",
        4,
        "--warmup-steps",
        0,
        "--learning-rate",
        0.1);
    return file("run").resolve("final");
  }

  @Test
  void a_trained_adapter_draws_by_its_scale_and_merged_as_before() throws IOException {
    Path adapter = trained();
    int[] plain = draw("plain");
    int[] adapted = draw("adapted", "--lora", adapter);
    assertThat(adapted).isNotEqualTo(plain);
    assertThat(draw("none", "--lora", adapter + ":0")).isEqualTo(plain);
    assertThat(PictureText.read(file("none.png")).lora())
        .containsExactly(new UsedAdapter("final", 0));
    succeed("merge", "recipe:tiny", file("merged"), "--lora", adapter);
    assertThat(draw("merged", "--model", file("merged"))).isEqualTo(adapted);
    Program.Result result = run("generate", "fox", "--lora", file("missing"), "-q");
    assertThat(result.code()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).contains("missing: no such file or folder").hasLineCount(1);
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture that was made is never lost, and what cannot be kept is not made. */
class WritingTest extends CommandTest {
  private static final Object[] SMALL = {"--size", "32x32"};

  private static Object[] with(Object... more) {
    return Stream.concat(Stream.of(more), Stream.of(SMALL)).toArray();
  }

  static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted((a, b) -> b.compareTo(a))
          .forEach(file -> assertThat(file.toFile().delete()).isTrue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(file(name));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 120, 121, 232, 238, 251})
  void every_name_that_the_disk_takes_is_written(int length) {
    Path file = file("x".repeat(length) + ".png");
    succeed(
        "generate",
        "a",
        "-o",
        file,
        "--save-tokens",
        file("y".repeat(Math.min(length, 250)) + ".json"),
        "--size",
        "32x32");
    assertThat(ImageFiles.read(file).width()).isEqualTo(32);
    assertThat(files()).hasSize(2);
  }

  @Test
  @EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8")
  void names_count_in_bytes_and_the_temporary_one_is_cut_between_characters() {
    String letters = "é😀".repeat(41); // 246 bytes
    refuse(
        1,
        "its name is too long: 256 bytes",
        with("generate", "a", "-o", file(letters + "abcdef.png")));
    Path file = file(letters + "abcde.png");
    succeed("generate", "a", "-o", file, "--size", "32x32");
    assertThat(ImageFiles.read(file).width()).isEqualTo(32);
  }

  @Test
  void names_that_are_too_long_are_refused_before_anything_is_loaded() {
    String name = "x".repeat(252);
    refuse(1, "its name is too long: 256 bytes", with("generate", "a", "-o", file(name + ".png")));
    refuse(1, "its name is too long", with("generate", "a", "--save-tokens", file(name + ".json")));
    refuse(1, "its name is too long", with("generate", "a", "--preview", file(name + ".png")));
    refuse(
        1,
        "its name is too long",
        with("generate", "a", "-n", 12, "-o", file("x".repeat(249) + ".png")));
    refuse(
        1,
        "its name is too long",
        with(
            "generate",
            "a",
            "-o",
            file("x".repeat(245) + ".png"),
            "--best-of",
            2,
            "--verifier",
            "echo 1"));
    refuse(
        1,
        "its name is too long",
        "edit",
        picture("in.png", 64, 64),
        "a",
        "-o",
        file(name + ".png"));
    refuse(
        1,
        "its name is too long",
        "edit",
        file("in.png"),
        "--interactive",
        "-o",
        file(name + ".png"));
    refuse(1, "its name is too long", "reconstruct", file("in.png"), "-o", file(name + ".png"));
    refuse(
        1,
        "its name is too long",
        "reconstruct",
        file("in.png"),
        "-o",
        file("b.png"),
        "--save-tokens",
        file(name + ".json"));
    assertThat(files()).containsExactly("in.png");
  }

  @Test
  void a_codes_file_that_fails_costs_the_codes_at_most() throws IOException {
    Path tokens = folder("tokens").resolve("t.json");
    backend.afterPicture = number -> delete(tokens.getParent());
    Program.Result result =
        run(with("generate", "a", "-o", file("a.png"), "--save-tokens", tokens, "--json"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(PictureText.read(file("a.png")).prompt()).isEqualTo("a");
    Path rescued = rescued(result.err(), "codes");
    assertThat(TokenFile.read(rescued).rows()).isEqualTo(4);
    assertThat(json(result.out()).at("/pictures/0/file").asText())
        .isEqualTo(file("a.png").toString());
    assertThat(json(result.out()).at("/pictures/0/tokens").asText()).isEqualTo(rescued.toString());
    assertThat(json(result.out()).at("/error/code").asText()).isEqualTo("io");
    Files.delete(rescued);
  }

  /** The file that a message names. */
  static Path rescued(String err, String what) {
    String line =
        err.lines()
            .filter(l -> l.contains("the " + what + " was written to"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(err));
    return Path.of(line.replaceFirst(".* was written to (.*) instead", "$1"));
  }

  @Test
  void a_picture_whose_folder_is_gone_goes_elsewhere_and_the_others_too() throws IOException {
    Path out = folder("out");
    backend.together = 3;
    backend.beforePicture =
        number -> {
          if (number == 3) {
            delete(out);
          }
        };
    Program.Result result =
        run(with("generate", "a", "-n", 3, "-o", out.resolve("a.png"), "--seed", 5));
    assertThat(result.code()).isEqualTo(1);
    List<Path> made = result.out().lines().map(Path::of).toList();
    assertThat(made).hasSize(3).doesNotHaveDuplicates();
    for (int i = 0; i < 3; i++) {
      assertThat(PictureText.read(made.get(i)).seed()).isEqualTo(5 + i);
      assertThat(result.err()).contains("a-" + (i + 1) + ".png").contains(made.get(i) + " instead");
      Files.delete(made.get(i));
    }
  }

  @Test
  void a_sheet_of_candidates_that_fails_costs_the_sheet_alone() throws IOException {
    backend.afterPicture =
        number -> {
          try {
            Files.createDirectories(file("a-candidates.png").resolve("in the way"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    Program.Result result =
        run(with("generate", "a", "-o", file("a.png"), "--best-of", 2, "--verifier", "echo 1"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("a-candidates.png");
    assertThat(PictureText.read(file("a.png")).bestOf().count()).isEqualTo(2);
  }

  @Test
  void candidates_whose_verifier_fails_are_kept() {
    backend.together = 2;
    Program.Result result =
        run(
            with(
                "generate",
                "a",
                "-o",
                file("a.png"),
                "--seed",
                5,
                "--best-of",
                4,
                "--verifier",
                "grep -q '\"seed\":7' && echo broken || echo 1"));
    assertThat(result.code()).isEqualTo(1);
    // Those that were drawn together with it, too, but none after them.
    assertThat(files()).containsExactly("a-5.png", "a-6.png", "a-7.png", "a-8.png");
    assertThat(PictureText.read(file("a-7.png")).seed()).isEqualTo(7);
    assertThat(result.err()).endsWith("lumina: verifier: 'broken' is not a number\n");

    Program.Result first =
        run(
            with(
                "generate",
                "a",
                "-o",
                file("b.png"),
                "--seed",
                5,
                "--best-of",
                4,
                "--verifier",
                "echo broken"));
    assertThat(first.code()).isEqualTo(1);
    assertThat(files()).contains("b-5.png", "b-6.png").doesNotContain("b-7.png");
  }

  @Test
  void decode_and_reconstruct_keep_their_pictures_too() throws IOException {
    Path out = folder("out");
    backend.decoder =
        codes -> {
          delete(out);
          return FakeBackend.paint(codes);
        };
    Path input = picture("in.png", 32, 32);
    Program.Result back =
        run("reconstruct", input, "-o", out.resolve("b.png"), "--save-tokens", file("t.json"));
    assertThat(back.code()).isEqualTo(1);
    assertThat(TokenFile.read(file("t.json")).rows()).isEqualTo(4);
    Path first = rescued(back.err(), "picture");
    assertThat(back.out()).startsWith(first + "\n");
    Files.delete(first);
    folder("out");
    Program.Result again = run("decode", file("t.json"), "-o", out.resolve("c.png"));
    assertThat(again.code()).isEqualTo(1);
    RgbImage kept = ImageFiles.read(rescued(again.err(), "picture"));
    assertThat(kept.width()).isEqualTo(32);
    Files.delete(rescued(again.err(), "picture"));
  }

  @Test
  void a_turn_of_a_conversation_is_kept_and_the_next_begins_with_it() throws IOException {
    Path out = folder("out");
    backend.afterPicture =
        number -> {
          try {
            Files.createDirectories(out.resolve("t-1.png/in the way"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    program.input("green\nred\n");
    Program.Result result =
        run(
            "edit",
            picture("in.png", 64, 64),
            "--interactive",
            "-o",
            out.resolve("t.png"),
            "--size",
            "64x128");
    assertThat(result.code()).as(result.err()).isZero();
    List<Path> made = result.out().lines().map(Path::of).toList();
    assertThat(made).hasSize(2);
    assertThat(PictureText.read(made.get(1)).image())
        .isEqualTo(made.get(0).getFileName().toString());
    assertThat(made.get(0)).hasParent(out);
    assertThat(made.get(1)).isEqualTo(out.resolve("t-2.png"));
  }

  @Test
  void a_line_of_a_conversation_that_no_file_can_hold_is_not_drawn() {
    program.input("a\0b\n");
    Program.Result result =
        run("edit", picture("in.png", 64, 64), "--interactive", "-o", file("t.png"));
    assertThat(result.err()).contains("holds a NUL character");
    assertThat(backend.requests).isEmpty();
  }

  @Test
  void a_full_disk_is_known_before_and_other_disks_do_not_matter() throws Exception {
    Path full = folder("full");
    assumeTrue(mount(full), "this user cannot mount a file system");
    try {
      String words = "left, and it needs about";
      Path file = full.resolve("a.png");
      refuse(1, words, "generate", "a", "--size", "64x64", "-o", file);
      refuse(1, words, "edit", picture("in.png", 64, 64), "a", "-o", file);
      Files.writeString(file("b.txt"), "a\n");
      refuse(2, words, "batch", file("b.txt"), "--size", "96x96", "-o", full);
      Files.write(full.resolve("fill"), new byte[4096]);
      Program.Result result =
          run(
              "generate",
              "a",
              "--size",
              "32x32",
              "-o",
              file("ok.png"),
              "--save-tokens",
              full.resolve("t.json"));
      assertThat(result.code()).isEqualTo(1);
      assertThat(ImageFiles.read(file("ok.png")).width()).isEqualTo(32);
      assertThat(TokenFile.read(rescued(result.err(), "codes")).rows()).isEqualTo(4);
      Files.delete(rescued(result.err(), "codes"));
    } finally {
      new ProcessBuilder("umount", full.toString()).start().waitFor();
    }
  }

  private static boolean mount(Path folder) throws Exception {
    try {
      return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder.toString())
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Standard input and output in the place of files and prompts. */
class PipesTest extends CommandTest {
  /** Runs what must succeed; the bytes on standard output. */
  private byte[] bytes(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int code =
        LuminaCommand.run(
            program.environment(),
            StandardStream.of(out),
            new PrintWriter(err),
            Stream.of(args).map(Object::toString).toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toByteArray();
  }

  private String prompt() {
    return backend.requests.get(backend.requests.size() - 1).prompt();
  }

  @Test
  void a_prompt_comes_through_a_pipe() {
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("generate", "-"), List.of("generate"), List.of("generate", "-p", "-"))) {
      program.input("a red circle\n");
      Object[] args = Stream.concat(words.stream(), Stream.of("-o", file("out.png"))).toArray();
      succeed(args);
      assertThat(prompt()).isEqualTo("a red circle");
      backend.requests.clear();
    }
    program.input("make it night\r\n");
    succeed("edit", picture("in.png", 64, 64), "-", "-o", file("out.png"));
    assertThat(prompt()).isEqualTo("make it night");
  }

  @Test
  void nobody_waits_for_a_prompt_that_is_not_piped() {
    program.input = StandardInput.typed(new ByteArrayInputStream("fox\n".getBytes()));
    refuse(2, "no prompt given", "generate");
    program.input = null;
    program.input(" \n");
    refuse(2, "no prompt given", "generate");
    refuse(2, "needs a prompt", "generate", "-");
  }

  @Test
  void a_picture_comes_through_a_pipe() throws IOException {
    Path input = picture("in.png", 64, 64);
    program.in = Files.readAllBytes(input);
    succeed("edit", "-", "make it night", "-o", file("out.png"));
    assertThat(backend.requests.get(0).image()).contains(ImageFiles.read(input));
    succeed("reconstruct", "-", "-o", file("back.png"));
    assertThat(ImageFiles.read(file("back.png")).width()).isEqualTo(64);
    backend.opened.clear();
    refuse(2, "- can be the picture or the prompt, not both", "edit", "-", "-");
    refuse(2, "no prompt given", "edit", "-");
    refuse(2, "the picture cannot be -", "edit", "-", "--interactive");
    program.input("no picture");
    refuse(1, "cannot read picture standard input", "edit", "-", "make it night");
  }

  @Test
  void a_picture_leaves_through_a_pipe_and_nothing_else() throws IOException {
    byte[] png = bytes("generate", "a fox", "--seed", 7, "-o", "-");
    succeed("generate", "a fox", "--seed", 7, "-o", file("out.png"));
    assertThat(png).isEqualTo(Files.readAllBytes(file("out.png")));
    Path input = picture("in.png", 64, 64);
    Files.write(file("edit.png"), bytes("edit", input, "make it night", "-o", "-"));
    assertThat(PictureText.read(file("edit.png")).prompt()).isEqualTo("make it night");
    Files.write(file("back.png"), bytes("reconstruct", input, "-o", "-"));
    assertThat(ImageFiles.read(file("back.png")).width()).isEqualTo(64);
    succeed("generate", "a fox", "-o", file("a.png"), "--save-tokens", file("a.json"));
    program.in = Files.readAllBytes(file("a.json"));
    Files.write(file("b.png"), bytes("decode", "-", "-o", "-"));
    assertThat(PictureText.read(file("b.png")).prompt()).isEqualTo("a fox");
    assertThat(files()).doesNotContain("-", "-.png");
  }

  @Test
  void what_does_not_fit_into_a_pipe_is_refused() {
    refuse(2, "-o - cannot be combined with --json", "generate", "fox", "-o", "-", "--json");
    refuse(
        2,
        "-o - takes one picture: it cannot be combined with -n",
        "generate",
        "fox",
        "-o-",
        "-n2");
    refuse(
        2,
        "cannot be combined with several prompts",
        "edit",
        picture("in.png", 64, 64),
        "one star",
        "two stars",
        "-o",
        "-");
    refuse(
        2,
        "cannot be combined with --best-of",
        "generate",
        "fox",
        "-o",
        "-",
        "--best-of",
        2,
        "--verifier",
        "likelihood");
  }

  @Test
  void a_name_without_an_extension_is_a_png_file_and_a_folder_gets_one() throws IOException {
    succeed("generate", "fox", "--seed", 5, "-o", file("out"));
    assertThat(files()).containsExactly("out.png");
    succeed("generate", "fox", "--seed", 5, "-n", 2, "-o", file("many"));
    assertThat(files()).contains("many-1.png", "many-2.png");
    Path folder = Files.createDirectory(file("folder"));
    succeed("generate", "fox", "--seed", 5, "-o", folder);
    succeed("generate", "fox", "--seed", 6, "-o", folder + "/");
    assertThat(folder.resolve("lumina-5.png")).exists();
    assertThat(folder.resolve("lumina-6.png")).exists();
    succeed("reconstruct", file("out.png"), "-o", file("back"));
    assertThat(file("back.png")).exists();
    refuseAgain("generate", "fox", "-o", file("fox.webp"));
  }

  private void refuseAgain(Object... args) {
    backend.opened.clear();
    refuse(2, "its extension is not one of .png, .jpg, .jpeg", args);
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code reconstruct}, {@code decode} and the files between them. */
class CodesTest extends CommandTest {
  @Test
  void saved_tokens_decode_to_the_file_that_was_generated() throws IOException {
    for (String[] task : new String[][] {{"t2i", "64x96"}, {"pair-depth", "32x64"}}) {
      succeed(
          "generate",
          "狐狸",
          "--task",
          task[0],
          "--size",
          task[1],
          "-o",
          file("a.png"),
          "--save-tokens",
          file("a.json"));
      Program.Result result = succeed("decode", file("a.json"), "-o", file("b.png"));
      assertThat(result.out()).isEqualTo(file("b.png") + "\n");
      assertThat(Files.readAllBytes(file("b.png"))).isEqualTo(Files.readAllBytes(file("a.png")));
    }
  }

  @Test
  void tokens_of_two_panels_decode_to_the_answer_or_both() {
    succeed(
        "edit",
        picture("in.png", 64, 64),
        "x",
        "--size",
        "64x128",
        "-o",
        file("a.png"),
        "--save-tokens",
        file("a.json"));
    succeed("decode", file("a.json"), "-o", file("lower.png"));
    assertThat(ImageFiles.read(file("lower.png"))).isEqualTo(ImageFiles.read(file("a.png")));
    JsonNode report =
        json(succeed("decode", file("a.json"), "--whole", "--json", "-o", file("w.png")).out());
    assertThat(report.path("height").asInt()).isEqualTo(128);
    assertThat(report.path("request").path("task").asText()).isEqualTo("edit");
    assertThat(ImageFiles.read(file("w.png")).height()).isEqualTo(128);
  }

  @Test
  void a_token_file_holds_rows_columns_codes_and_request() throws IOException {
    succeed(
        "generate", "fox", "--size", "64x32", "-o", file("a.png"), "--save-tokens", file("a.json"));
    JsonNode tokens = json(Files.readString(file("a.json")));
    assertThat(tokens.path("rows").asInt()).isEqualTo(4);
    assertThat(tokens.path("columns").asInt()).isEqualTo(8);
    assertThat(tokens.path("codes")).hasSize(32);
    assertThat(tokens.path("request").path("prompt").asText()).isEqualTo("fox");
    assertThat(TokenFile.read(file("a.json")).request()).isEqualTo(PictureText.read(file("a.png")));
  }

  @Test
  void a_picture_is_kept_although_its_codes_cannot_be_written() throws IOException {
    Path gone = Files.createDirectory(file("gone"));
    backend.beforePicture =
        number -> {
          try {
            Files.delete(gone);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    Program.Result result =
        run("generate", "fox", "-o", file("a.png"), "--save-tokens", gone.resolve("a.json"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(gone.toString());
    assertThat(result.out()).isEqualTo(file("a.png") + "\n");
    assertThat(PictureText.read(file("a.png")).prompt()).isEqualTo("fox");
  }

  @Test
  void reconstruct_tells_how_near_the_result_is() {
    Path input = picture("a.png", 21, 19);
    Program.Result result =
        succeed("reconstruct", input, "-o", file("back.png"), "--save-tokens", file("a.json"));
    assertThat(result.out()).matches(file("back.png") + "\nPSNR -?\\d+\\.\\d\\d dB\n");
    assertThat(ImageFiles.read(file("back.png")).width()).isEqualTo(16);
    assertThat(backend.opened.get(0).model()).isEmpty();
    TokenFile tokens = TokenFile.read(file("a.json"));
    assertThat(tokens.request()).isNull();
    assertThat(tokens.imageCodes().rows()).isEqualTo(2);
    succeed("decode", file("a.json"), "-o", file("again.png"));
    assertThat(ImageFiles.read(file("again.png"))).isEqualTo(ImageFiles.read(file("back.png")));
  }

  @Test
  void reconstruct_of_a_picture_that_survives_is_identical() {
    ImageFiles.write(file("in.png"), FakeBackend.paint(new ImageCodes(1, 2, new int[] {5, 9})));
    assertThat(succeed("reconstruct", file("in.png"), "-o", file("out.png")).out())
        .endsWith("PSNR infinite: identical\n");
    JsonNode report =
        json(succeed("reconstruct", file("in.png"), "-o", file("out.png"), "--json").out());
    assertThat(report.path("identical").asBoolean()).isTrue();
    assertThat(report.has("psnr_db")).isFalse();
    assertThat(report.path("columns").asInt()).isEqualTo(2);
  }

  @Test
  void reconstruct_scales_when_asked() {
    Path input = picture("a.png", 64, 64);
    JsonNode report =
        json(
            succeed("reconstruct", input, "--size", "24x16", "-o", file("out.png"), "--json")
                .out());
    assertThat(report.path("width").asInt()).isEqualTo(24);
    assertThat(report.path("height").asInt()).isEqualTo(16);
    assertThat(report.path("psnr_db").isNumber()).isTrue();
    assertThat(run("reconstruct", input, "--size", "20x16").code()).isEqualTo(2);
    assertThat(run("reconstruct", picture("small.png", 7, 64)).err()).contains("too few");
  }

  @Test
  void an_image_tokenizer_alone_is_enough() {
    Path tokenizer = model().resolve("movqgan.safetensors");
    program.variables.remove("LUMINA_MODEL");
    succeed(
        "reconstruct", picture("a.png", 8, 8), "-o", file("b.png"), "--image-tokenizer", tokenizer);
    assertThat(backend.opened.get(0).imageTokenizer()).contains(tokenizer);
  }
}

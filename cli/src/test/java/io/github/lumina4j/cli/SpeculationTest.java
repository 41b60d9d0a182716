package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.DecodingOptions.Initialization;
import io.github.lumina4j.DecodingOptions.Mode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.image.ImageFiles;
import org.junit.jupiter.api.Test;

/** {@code --speculate} and the options that need it. */
class SpeculationTest extends CommandTest {
  private GenerationRequest draw(Object... more) {
    Object[] args = new Object[more.length + 5];
    System.arraycopy(
        new Object[] {"generate", "--size", "32x32", "-o", file("a.png")}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    succeed(args);
    return backend.requests.get(backend.requests.size() - 1);
  }

  @Test
  void without_it_codes_come_one_by_one() {
    assertThat(draw("fox").decoding()).isEqualTo(DecodingOptions.SEQUENTIAL);
    assertThat(ImageFiles.readText(file("a.png"))).doesNotContainKey("speculate");
    assertThat(PictureText.read(file("a.png")).speculate()).isNull();
  }

  @Test
  void its_mode_may_be_left_out_wherever_it_stands() {
    Object[][] ways = {
      {"--speculate", "fox"}, {"fox", "--speculate"}, {"--speculate", "--seed", 1, "fox"}
    };
    for (Object[] way : ways) {
      GenerationRequest request = draw(way);
      assertThat(request.decoding()).isEqualTo(DecodingOptions.SPECULATIVE);
      assertThat(request.prompt()).isEqualTo("fox");
    }
  }

  @Test
  void its_mode_may_be_named() {
    for (Mode mode : Mode.values()) {
      assertThat(draw("--speculate", mode.id(), "fox").decoding().mode()).isEqualTo(mode);
      assertThat(draw("fox", "--speculate=" + mode.id()).decoding().mode()).isEqualTo(mode);
    }
  }

  @Test
  void every_option_reaches_the_library_and_the_picture() {
    GenerationRequest request =
        draw(
            "fox",
            "--speculate=mc-lambda",
            "--window",
            8,
            "--initialization",
            "above",
            "--lambda",
            "1.5");
    assertThat(request.decoding())
        .isEqualTo(new DecodingOptions(Mode.MC_LAMBDA, 8, Initialization.ABOVE, 1.5, 0));
    assertThat(ImageFiles.readText(file("a.png")))
        .containsEntry("speculate", "mc-lambda, window 8, guesses above, lambda 1.5");
    assertThat(PictureText.read(file("a.png")).speculate())
        .isEqualTo(new UsedDecoding("mc-lambda", 8, "above", 1.5));
  }

  @Test
  void the_picture_knows_the_window_that_was_left_to_the_device() {
    draw("fox", "--speculate");
    assertThat(ImageFiles.readText(file("a.png"))).containsEntry("speculate", "mc, window 16");
  }

  @Test
  void the_report_tells_codes_per_pass() {
    Program.Result result =
        succeed("generate", "fox", "--speculate", "-o", file("a.png"), "--size", "32x32");
    assertThat(result.err()).contains("2.00 codes/pass");
    JsonNode picture =
        json(succeed(
                    "generate",
                    "fox",
                    "--speculate",
                    "-o",
                    file("a.png"),
                    "--size",
                    "32x32",
                    "--json")
                .out())
            .at("/pictures/0");
    assertThat(picture.at("/codes_per_pass").asDouble()).isEqualTo(2);
    assertThat(picture.at("/stats/window").asInt()).isEqualTo(16);
    assertThat(picture.at("/stats/passes_by_codes/3").asInt()).isEqualTo(2);
  }

  @Test
  void what_does_not_fit_is_refused() {
    refuse(
        2,
        "--speculate must be sequential, mc, gum, sjd, ref or mc-lambda (got 'fast')",
        "generate",
        "fox",
        "--speculate=fast");
    refuse(2, "need --speculate", "generate", "fox", "--window", 8);
    refuse(2, "need --speculate", "generate", "fox", "--lambda", 2);
    refuse(2, "mc-lambda", "generate", "fox", "--speculate", "--lambda", 2);
    refuse(
        2,
        "--window must be between 4 and 64 (got 3)",
        "generate",
        "fox",
        "--speculate",
        "--window",
        3);
    refuse(
        2,
        "--window must be between 4 and 64 (got 65)",
        "generate",
        "fox",
        "--speculate",
        "--window",
        65);
    refuse(
        2,
        "--window must be between 4 and 64 (got 0)",
        "generate",
        "fox",
        "--speculate",
        "--window",
        0);
    refuse(
        2,
        "lambda must be between 1 and 1000 (got 0.5)",
        "generate",
        "fox",
        "--speculate=mc-lambda",
        "--lambda",
        "0.5");
    assertThat(backend.requests).isEmpty();
  }
}

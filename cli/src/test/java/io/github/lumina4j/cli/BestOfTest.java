package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.IncompleteImageException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestOfTest extends CommandTest {
  /** Scores 8 highest, and keeps what it was asked. */
  private Path verifier() throws IOException {
    Path script = file("verifier.sh");
    Files.writeString(
        script,
        "q=$(cat); echo \"$q\" >> "
            + file("asked.jsonl")
            + "\n"
            + "test -s \"$(echo \"$q\" | sed 's/.*\"picture\":\"\\([^\"]*\\)\".*/\\1/')\" || exit"
            + " 9\n"
            + "case $q in *'\"seed\":8'*) echo 0.9;; *) echo 0.25;; esac\n");
    return script;
  }

  @Test
  void the_best_of_several_is_kept_and_all_are_on_a_sheet() throws IOException {
    Program.Result result =
        succeed(
            "generate",
            "a \"red\" fox",
            "--size",
            "32x32",
            "--seed",
            7,
            "--best-of",
            3,
            "--verifier",
            "sh " + verifier(),
            "--json",
            "-o",
            file("fox.png"));
    assertThat(backend.requests).extracting(r -> r.sampling().seed()).containsExactly(7L, 8L, 9L);
    succeed("generate", "a \"red\" fox", "--size", "32x32", "--seed", 8, "-o", file("8.png"));
    assertThat(ImageFiles.read(file("fox.png"))).isEqualTo(ImageFiles.read(file("8.png")));
    RequestRecord record = PictureText.read(file("fox.png"));
    assertThat(record.seed()).isEqualTo(8);
    assertThat(record.bestOf()).isEqualTo(new UsedBestOf(3, 7, 0.9));
    JsonNode report = json(result.out()).path("pictures").path(0);
    assertThat(report.path("seed").asLong()).isEqualTo(8);
    assertThat(report.path("score").asDouble()).isEqualTo(0.9);
    RgbImage sheet = ImageFiles.read(file("fox-candidates.png"));
    // Three beside each other, each with its words below.
    assertThat(sheet.width()).isGreaterThanOrEqualTo(3 * 32);
    assertThat(sheet.height()).isBetween(32 + 18, 100);
    List<String> asked = Files.readAllLines(file("asked.jsonl"));
    assertThat(asked).hasSize(3);
    assertThat(json(asked.get(0)).path("prompt").asText()).isEqualTo("a \"red\" fox");
    assertThat(json(asked.get(0)).path("task").asText()).isEqualTo("t2i");
    assertThat(Path.of(json(asked.get(0)).path("picture").asText())).doesNotExist();
  }

  private Program.Result byLikelihood(Path file) {
    return run(
        "generate",
        "fox",
        "--size",
        "32x32",
        "--seed",
        7,
        "--best-of",
        4,
        "--verifier",
        "likelihood",
        "-o",
        file);
  }

  @Test
  void the_model_can_score_its_own_candidates() {
    backend.likelihood =
        (request, codes) -> {
          assertThat(codes.rows()).isEqualTo(4);
          return request.sampling().seed() == 9 ? -2.5 : -3;
        };
    Program.Result result = byLikelihood(file("fox.png"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains(", score -2.500");
    assertThat(PictureText.read(file("fox.png")).bestOf()).isEqualTo(new UsedBestOf(4, 7, -2.5));
    assertThat(PictureText.read(file("fox.png")).seed()).isEqualTo(9);
    assertThat(ImageFiles.read(file("fox-candidates.png")).width()).isGreaterThan(4 * 32);
  }

  @Test
  void cancelling_stops_the_scoring() {
    backend.likelihood =
        (request, codes) -> {
          program.cancellation.cancel();
          return -1;
        };
    assertThat(byLikelihood(file("none.png")).code()).isEqualTo(130);
    assertThat(backend.requests).hasSize(1);
    assertThat(file("none.png")).doesNotExist();
  }

  @Test
  void several_pictures_take_seeds_of_their_own() throws IOException {
    succeed(
        "generate",
        "fox",
        "--size",
        "32x32",
        "--seed",
        7,
        "-n",
        2,
        "--best-of",
        2,
        "--verifier",
        "sh " + verifier(),
        "-o",
        file("f.png"));
    assertThat(backend.requests)
        .extracting(r -> r.sampling().seed())
        .containsExactly(7L, 8L, 9L, 10L);
    assertThat(PictureText.read(file("f-1.png")).seed()).isEqualTo(8);
    assertThat(PictureText.read(file("f-2.png")).seed()).isEqualTo(9);
  }

  @Test
  void a_candidate_that_ends_early_is_none() throws IOException {
    backend.beforePicture =
        number -> {
          if (number == 2) {
            throw new IncompleteImageException("ended in row 3");
          }
        };
    succeed(
        "generate",
        "fox",
        "--size",
        "32x32",
        "--seed",
        7,
        "--best-of",
        3,
        "--verifier",
        "sh " + verifier(),
        "-o",
        file("f.png"));
    assertThat(PictureText.read(file("f.png")).seed()).isEqualTo(7);
  }

  @Test
  void a_verifier_that_fails_ends_it_with_its_words() {
    for (String[] bad :
        new String[][] {
          {"echo much", "'much' is not a number"},
          {"true", "no number came back"},
          {"echo NaN", "'NaN' is not a number"},
          {"echo oops >&2; exit 3", "the command ended with 3: oops"},
          {"sleep 30", "no answer within 1.0 s"},
        }) {
      Program.Result result =
          run(
              "generate",
              "fox",
              "-q",
              "--size",
              "32x32",
              "--best-of",
              2,
              "--verifier",
              bad[0],
              "--verifier-seconds",
              1,
              "-o",
              file("f.png"));
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).isEqualTo("lumina: verifier: " + bad[1] + "\n");
    }
    assertThat(files()).as("what was drawn by then is kept").containsExactly("f-4242.png");
  }

  @Test
  void what_makes_no_sense_is_refused() {
    refuse(2, "--best-of needs --verifier", "generate", "fox", "--best-of", 2);
    refuse(2, "--verifier needs --best-of", "generate", "fox", "--verifier", "x");
    refuse(2, "must be 1 or more", "generate", "x", "--best-of", 0, "--verifier", "x");
    refuse(2, "has no host", "generate", "x", "--best-of", 2, "--verifier", "http:///x");
    refuse(
        2,
        "--verifier-seconds must be",
        "generate",
        "x",
        "--best-of",
        2,
        "--verifier",
        "x",
        "--verifier-seconds",
        0);
    refuse(
        2,
        "--verifier-seconds needs a --verifier that is a command",
        "generate",
        "x",
        "--best-of",
        2,
        "--verifier",
        "likelihood",
        "--verifier-seconds",
        5);
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Edit;
import io.github.lumina4j.demo.EditChain;
import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.demo.check.EvaluationSet;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluateCommandTest extends CommandTest {
  private static final int GROUPS = 18;

  private void answerRightly() {
    DemoWorldOracle oracle = new DemoWorldOracle(1);
    backend.painter = (request, codes) -> oracle.draw(request);
    backend.decoder = codes -> backend.encoded.get(backend.encoded.size() - 1);
  }

  private JsonNode results() throws IOException {
    return json(Files.readString(file("out/results.json")).strip());
  }

  @Test
  void right_answers_pass_in_every_group() {
    answerRightly();
    JsonNode report = json(succeed("evaluate", "--limit", 3, "--json").out());
    assertThat(report.path("overall").asDouble()).isEqualTo(1.0);
    assertThat(report.path("complete").asBoolean()).isTrue();
    assertThat(report.path("groups")).hasSize(GROUPS);
    for (JsonNode group : report.path("groups")) {
      assertThat(group.path("answers").asInt()).isEqualTo(3);
      assertThat(group.path("passed").asDouble()).as(group.toString()).isEqualTo(1.0);
      boolean edits = group.path("group").asText().startsWith("edit");
      assertThat(group.path("made").asDouble(-1)).isEqualTo(edits ? 1.0 : -1.0);
      if (!group.path("measure").isMissingNode()) {
        assertThat(group.path("good").asDouble()).as(group.toString()).isEqualTo(1.0);
        assertThat(group.path("unscored").asInt()).isZero();
      }
    }
    assertThat(report.path("items").isMissingNode()).isTrue();
    for (JsonNode reconstruction : report.path("reconstruction")) {
      assertThat(reconstruction.path("pictures").asInt()).isEqualTo(3);
      assertThat(reconstruction.path("mean_db").asDouble()).isEqualTo(Measure.MAX_DECIBELS);
    }
  }

  @Test
  void other_pictures_fail_in_every_group() {
    JsonNode report = json(succeed("evaluate", "--limit", 3, "--json").out());
    assertThat(report.path("overall").asDouble()).isZero();
    for (JsonNode group : report.path("groups")) {
      assertThat(group.path("passed").asDouble()).as(group.toString()).isZero();
      assertThat(group.path("good").asDouble(0)).as(group.toString()).isZero();
      assertThat(group.path("made").asDouble(0)).as(group.toString()).isZero();
    }
    assertThat(report.path("reconstruction")).hasSize(2);
    for (JsonNode reconstruction : report.path("reconstruction")) {
      assertThat(reconstruction.path("mean_db").asDouble()).isBetween(0.0, 20.0);
    }
  }

  /** What the edit asks for, but another object is gone, if there is one it does not speak of. */
  private static Scene withOneLost(EditChain chain) {
    Edit edit = chain.edits().get(0);
    ObjectName anchor = edit instanceof Edit.Add add ? add.anchor() : null;
    Scene after = chain.after();
    return after.objects().stream()
        .filter(o -> chain.before().objects().contains(o) && !o.name().equals(anchor))
        .findFirst()
        .map(after::without)
        .orElse(after);
  }

  @Test
  void a_change_counts_as_made_though_another_object_is_lost() throws IOException {
    Map<Long, Scene> answers = new HashMap<>();
    int whole = 0;
    for (EvaluationItem item : EvaluationSet.create(1)) {
      if (item.group().equals("edit") && answers.size() < 10) {
        EditChain chain = ((EvaluationItem.Truth.Edited) item.truth()).chain();
        answers.put(item.seed(), withOneLost(chain));
        whole += answers.get(item.seed()).equals(chain.after()) ? 1 : 0;
      }
    }
    backend.painter =
        (request, codes) ->
            Panels.stack(
                request.image().orElseThrow(),
                SceneRenderer.picture(answers.get(request.sampling().seed())));
    String table =
        succeed("evaluate", "--groups", "edit", "--limit", 10, "-o", file("out"), "-q").out();
    assertThat(whole).isBetween(0, 9);
    assertThat(table.lines().toList().get(1))
        .matches("edit +10 +0\\.%d00 +1\\.000 .*".formatted(whole));
    JsonNode group = results().path("groups").get(0);
    assertThat(group.path("made").asDouble()).isEqualTo(1.0);
    assertThat(group.path("passed").asDouble()).isEqualTo(whole / 10.0);
    for (JsonNode item : results().path("items")) {
      assertThat(item.path("made").asBoolean()).as(item.toString()).isTrue();
    }
  }

  @Test
  void the_table_has_a_row_per_group_and_the_mean_of_the_categories() {
    answerRightly();
    List<String> lines = succeed("evaluate", "--limit", 1).out().lines().toList();
    assertThat(lines.get(0))
        .matches("group +answers +passed +made +score +good +s/picture +codes/pass");
    assertThat(lines.get(1)).matches("single_object +1 +1\\.000 +\\d+\\.\\d\\d +1\\.00");
    assertThat(lines)
        .anyMatch(line -> line.matches("dense-canny +1 +1\\.000 +1\\.000  edge F1 +1\\.000 .*"))
        .anyMatch(line -> line.matches("pair-depth +1 +1\\.000 +0\\.0  depth RMSE +1\\.000 .*"))
        .anyMatch(line -> line.matches("edit-two-steps +1 +1\\.000 +1\\.000 +99\\.0  kept PSNR .*"))
        .contains("overall 1.000, the mean of the six categories")
        .anyMatch(line -> line.matches("scenes +1 +99\\.00 +99\\.00 +\\d.*"));
  }

  @Test
  void every_answer_is_drawn_with_its_own_seed_and_the_options_given() {
    succeed(
        "evaluate",
        "--groups",
        "colors,edit",
        "--limit",
        2,
        "--samples",
        3,
        "--cfg",
        2.5,
        "--speculate",
        "-q");
    assertThat(backend.requests)
        .hasSize(12)
        .allMatch(r -> r.sampling().guidanceScale() == 2.5)
        .allMatch(r -> r.decoding().equals(DecodingOptions.SPECULATIVE));
    Set<Long> seeds = new HashSet<>();
    backend.requests.forEach(request -> seeds.add(request.sampling().seed()));
    assertThat(seeds).hasSize(12);
    long first =
        EvaluationSet.create(1).stream()
            .filter(item -> item.group().equals("colors"))
            .findFirst()
            .orElseThrow()
            .seed();
    assertThat(seeds).contains(first, first + 1, first + 2);
    assertThat(backend.encoded).isEmpty(); // no reconstruction was asked for
  }

  /** Right pictures come with the third seed of each question; what its candidates cost. */
  private JsonNode bestOfFour(Object... more) throws IOException {
    DemoWorldOracle oracle = new DemoWorldOracle(1);
    Set<Long> seeds = new HashSet<>();
    EvaluationSet.create(1).forEach(item -> seeds.add(item.seed()));
    backend.painter =
        (request, codes) -> {
          long first = request.sampling().seed() - 2;
          return seeds.contains(first)
              ? oracle.draw(request.withSeed(first))
              : backend.decoder.apply(codes);
        };
    List<Object> args =
        new ArrayList<>(List.of("evaluate", "--groups", "colors,edit", "--limit", 2, "-q"));
    args.addAll(List.of("--best-of", 4, "-o", file("out")));
    args.addAll(List.of(more));
    succeed(args.toArray());
    return results();
  }

  @Test
  void the_checker_takes_the_first_candidate_that_is_right() throws IOException {
    JsonNode report = bestOfFour();
    assertThat(report.path("settings").path("best_of").asInt()).isEqualTo(4);
    assertThat(report.path("settings").path("verifier").asText()).isEqualTo("checker");
    assertThat(backend.requests).hasSize(4 * 3); // nothing is drawn after the right one
    for (JsonNode item : report.path("items")) {
      assertThat(item.path("passed").asBoolean()).as(item.toString()).isTrue();
      assertThat(item.path("made").asBoolean())
          .isEqualTo(item.path("group").asText().equals("edit"));
      assertThat(item.path("pictures").asInt()).isEqualTo(3);
      assertThat(item.path("candidates")).hasSize(3);
      assertThat(item.path("candidates").get(1).path("passed").asBoolean()).isFalse();
      assertThat(item.path("candidates").get(2).path("seed").asLong())
          .isEqualTo(item.path("seed").asLong());
    }
    assertThat(ImageFiles.read(file("out/pictures/colors-001-1.png")))
        .isEqualTo(new DemoWorldOracle(1).draw(backend.requests.get(0)));
  }

  @Test
  void another_verifier_chooses_by_its_scores_alone() throws IOException {
    backend.likelihood = (request, codes) -> request.sampling().seed() % 4;
    JsonNode report = bestOfFour("--verifier", "likelihood");
    assertThat(backend.requests).hasSize(4 * 4);
    for (JsonNode item : report.path("items")) {
      assertThat(item.path("seed").asLong() % 4).isEqualTo(3);
      assertThat(item.path("candidates")).hasSize(4);
      JsonNode third = item.path("candidates").get(2);
      assertThat(third.path("passed").asBoolean()).isTrue();
      assertThat(third.path("score").asDouble()).isEqualTo(third.path("seed").asLong() % 4);
      assertThat(item.path("passed").asBoolean())
          .isEqualTo(third.path("seed").asLong() == item.path("seed").asLong());
    }
  }

  @Test
  void candidates_that_are_no_pictures_are_not_scored() throws IOException {
    backend.missingRows = 1;
    backend.likelihood =
        (request, codes) -> {
          throw new AssertionError("not a picture as asked");
        };
    JsonNode report = bestOfFour("--verifier", "likelihood");
    for (JsonNode item : report.path("items")) {
      assertThat(item.path("passed").asBoolean()).isFalse();
      assertThat(item.path("candidates").get(3).has("score")).isFalse();
    }
  }

  @Test
  void the_second_edit_starts_from_the_first_answer() {
    answerRightly();
    succeed("evaluate", "--groups", "edit-two-steps", "--limit", 1, "-q");
    assertThat(backend.requests).hasSize(2);
    RgbImage first = new DemoWorldOracle(1).draw(backend.requests.get(0)).crop(0, 96, 96, 96);
    assertThat(backend.requests.get(1).image()).contains(first);
  }

  @Test
  void the_folder_holds_pictures_a_sheet_and_every_answer() throws IOException {
    succeed("evaluate", "--groups", "colors,pair-canny", "--limit", 2, "-o", file("out"), "-q");
    JsonNode items = results().path("items");
    assertThat(items).hasSize(4);
    JsonNode item = items.get(0);
    assertThat(item.path("prompts").get(0).asText()).startsWith("a ");
    assertThat(item.path("passed").asBoolean()).isFalse();
    assertThat(item.path("reason").asText()).isNotEmpty();
    assertThat(item.path("file").asText()).isEqualTo("pictures/colors-001-1.png");
    assertThat(ImageFiles.read(file("out/pictures/colors-002-1.png")).height()).isEqualTo(96);
    assertThat(ImageFiles.read(file("out/pictures/pair-canny-001-1.png")).height()).isEqualTo(192);
    assertThat(results().has("overall")).isFalse(); // five categories were not asked
    assertThat(colors(ImageFiles.read(file("out/contact-sheet.png")))).contains(0xd02020, 0x202020);
  }

  @Test
  void right_answers_have_no_red_on_the_sheet() {
    answerRightly();
    succeed("evaluate", "--groups", "dense-depth", "--limit", 11, "-o", file("out"), "-q");
    RgbImage sheet = ImageFiles.read(file("out/contact-sheet.png"));
    assertThat(sheet.width()).isEqualTo(1240);
    assertThat(sheet.height()).isBetween(2 * 2 * 96, 2 * 2 * 96 + 120); // two rows of ten
    assertThat(colors(sheet)).doesNotContain(0xd02020);
  }

  private static Set<Integer> colors(RgbImage image) {
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        colors.add(image.rgb(x, y));
      }
    }
    return colors;
  }

  @Test
  void a_run_that_is_stopped_keeps_what_it_has() throws IOException {
    backend.afterPicture = number -> cancelAt(number, 3);
    Program.Result result = run("evaluate", "--groups", "colors,counting", "-o", file("out"), "-q");
    assertThat(result.code()).isEqualTo(ExitCodes.CANCELLED);
    assertThat(result.out()).isEmpty();
    assertThat(results().path("items")).hasSize(3);
    assertThat(results().path("complete").asBoolean()).isFalse();
    assertThat(backend.closed).isEqualTo(1);
  }

  private void cancelAt(int number, int last) {
    if (number == last) {
      program.cancellation.cancel();
    }
  }

  @Test
  void unfinished_pictures_have_failed() throws IOException {
    backend.missingRows = 1;
    succeed("evaluate", "--groups", "colors,edit-two-steps", "--limit", 1, "-o", file("out"), "-q");
    for (JsonNode item : results().path("items")) {
      assertThat(item.path("passed").asBoolean()).isFalse();
      assertThat(item.path("made").asBoolean(true)).isEqualTo(!item.has("made"));
      assertThat(item.has("made")).isEqualTo(item.path("group").asText().startsWith("edit"));
      assertThat(item.path("reason").asText()).isEqualTo("a picture of another size");
    }
  }

  @Test
  void the_running_share_of_passed_answers_is_shown() throws IOException {
    answerRightly();
    backend.afterPicture = number -> pauseAfter(number, 9);
    assertThat(succeed("evaluate", "--groups", "colors", "--limit", 10).err())
        .contains("of 10 questions, ")
        .contains("100.0 % passed");
  }

  private static void pauseAfter(int number, int last) {
    if (number == last) {
      try {
        Thread.sleep(1100); // lines of progress are a second apart
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void what_makes_no_sense_is_refused() {
    refuse(2, "unknown group 'cats'; known: single_object, ", "evaluate", "--groups", "cats");
    refuse(2, "unknown set 'coco'", "evaluate", "--set", "coco");
    refuse(2, "--samples and --limit must be 1 or more", "evaluate", "--samples", 0);
    refuse(2, "--best-of must be 1 or more", "evaluate", "--best-of", 0);
    refuse(2, "--verifier needs --best-of", "evaluate", "--verifier", "likelihood");
  }
}

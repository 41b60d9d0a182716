package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCommandTest extends CommandTest {
  private Path lines(String... lines) {
    try {
      return Files.writeString(file("prompts.jsonl"), String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program.Result batch(Object... more) {
    return run(
        Stream.concat(Stream.of("batch", file("prompts.jsonl"), "-o", file("out")), Stream.of(more))
            .toArray());
  }

  /** The names of the pictures. */
  private List<String> pictures() {
    try (Stream<Path> list = Files.list(file("out"))) {
      return list.map(f -> f.getFileName().toString())
          .filter(name -> !name.startsWith("batch"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> journal() throws IOException {
    return Files.readAllLines(file("out").resolve("batch.jsonl")).stream()
        .map(CommandTest::json)
        .toList();
  }

  @Test
  void a_line_may_have_every_option_by_either_name() {
    picture("cup.png", 96, 64);
    lines(
        "{\"prompt\":\"a red fox\",\"size\":\"64x96\",\"cfg\":3,\"cfg-schedule\":\"reference\","
            + "\"top_k\":1,\"text-top-k\":2,\"temperature\":0.5,\"sampling\":\"reference\","
            + "\"seed\":-7,\"allow_partial\":true,\"template\":\"{w} {h} {prompt}\","
            + "\"speculate\":\"gum\",\"window\":8,\"output\":\"fox.png\"}",
        "",
        "{\"image\":\"cup.png\",\"prompt\":\"--on a beach\",\"task\":\"subject\","
            + "\"description\":\"a cup\",\"width\":64,\"height\":128,\"panel\":\"whole\","
            + "\"speculate\":{\"mode\":\"mc-lambda\",\"lambda\":1.5},\"key\":\"cup\","
            + "\"software\":\"x\",\"best_of\":null}");
    Program.Result result = batch("--cfg", 9, "--temperature", 2);
    assertThat(result.code()).as(result.err()).isZero();
    GenerationRequest fox = backend.requests.get(0);
    assertThat(fox.size()).isEqualTo(new ImageSize(64, 96));
    assertThat(fox.task().template()).isEqualTo("{w} {h} {prompt}");
    assertThat(fox.allowPartial()).isTrue();
    assertThat(fox.sampling())
        .isEqualTo(
            new SamplingOptions(
                3,
                SamplingOptions.GuidanceSchedule.REFERENCE,
                1,
                2,
                0.5,
                SamplingOptions.Mode.REFERENCE,
                -7));
    assertThat(fox.decoding().mode()).isEqualTo(DecodingOptions.Mode.GUM);
    assertThat(fox.decoding().window()).isEqualTo(8);
    GenerationRequest cup = backend.requests.get(1);
    assertThat(cup.prompt()).isEqualTo("--on a beach");
    assertThat(cup.image()).contains(ImageFiles.read(file("cup.png")));
    assertThat(cup.sampling().guidanceScale()).isEqualTo(9);
    assertThat(cup.sampling().temperature()).isEqualTo(2);
    assertThat(cup.decoding().lambda()).isEqualTo(1.5);
    assertThat(pictures()).containsExactly("cup.png", "fox.png");
    assertThat(ImageFiles.read(file("out").resolve("cup.png")).height()).isEqualTo(128);
    assertThat(backend.opened).hasSize(1);
    assertThat(result.out().lines()).hasSize(2);
  }

  @Test
  void options_of_the_command_hold_where_a_line_says_nothing() {
    lines("{\"prompt\":\"a\"}", "{\"prompt\":\"b\",\"allow_partial\":false,\"count\":1}");
    Program.Result result =
        batch("--size", "32x64", "--allow-partial", "-n", 2, "--speculate", "--window", 8);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(backend.requests)
        .extracting(GenerationRequest::prompt)
        .containsExactly("a", "a", "b");
    assertThat(backend.requests)
        .extracting(GenerationRequest::allowPartial)
        .containsExactly(true, true, false);
    assertThat(backend.requests)
        .allSatisfy(
            request -> {
              assertThat(request.size()).isEqualTo(new ImageSize(32, 64));
              assertThat(request.decoding()).isEqualTo(DecodingOptions.SPECULATIVE.withWindow(8));
            });
  }

  @Test
  void a_record_of_a_picture_is_a_line() {
    succeed("generate", "a fox", "--size", "32x32", "--speculate", "-o", file("fox.png"));
    String record = JsonText.of(PictureText.read(file("fox.png")));
    lines(record.replaceFirst(",\"model\".*", "}"));
    Program.Result result = batch();
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(ImageFiles.read(file("out").resolve(pictures().get(0))))
        .isEqualTo(ImageFiles.read(file("fox.png")));
  }

  @Test
  void names_and_seeds_follow_from_the_line_wherever_it_stands() throws IOException {
    lines("{\"prompt\":\"Ein rotes Häuschen!\"}", "{\"prompt\":\"b\"}", "{\"prompt\":\"b\"}");
    assertThat(batch("--size", "32x32").code()).isZero();
    List<String> names = pictures();
    assertThat(names).hasSize(3);
    assertThat(names.get(2)).matches("ein-rotes-hauschen-[0-9a-f]{8}\\.png");
    List<Long> seeds = backend.requests.stream().map(r -> r.sampling().seed()).toList();
    assertThat(seeds).doesNotHaveDuplicates().allSatisfy(seed -> assertThat(seed).isNotNegative());

    backend.requests.clear();
    lines("{\"prompt\":\"b\"}", "{\"prompt\":\"new\"}", "{\"prompt\":\"Ein rotes Häuschen!\"}");
    Program.Result again = batch("--size", "32x32");
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("2 of 3 pictures are there already");
    assertThat(backend.requests).extracting(GenerationRequest::prompt).containsExactly("new");

    backend.requests.clear();
    assertThat(batch("--size", "32x32", "--seed", 1).code()).isZero();
    assertThat(backend.requests.get(0).sampling().seed()).isNotIn(seeds);
    assertThat(backend.requests).hasSize(3);
  }

  @Test
  void what_is_done_is_known_by_its_request_and_not_by_its_name() throws IOException {
    lines("{\"prompt\":\"a\",\"key\":\"x\"}", "{\"prompt\":\"b\",\"key\":\"y\"}");
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(backend.requests).hasSize(2);
    assertThat(backend.opened).as("nothing is loaded for nothing").hasSize(1);

    lines("{\"prompt\":\"another\",\"key\":\"x\"}", "{\"prompt\":\"b\",\"key\":\"y\"}");
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(backend.requests).hasSize(3);
    assertThat(PictureText.read(file("out").resolve("x.png")).prompt()).isEqualTo("another");

    ImageFiles.write(file("out").resolve("y.png"), ImageFiles.read(picture("z.png", 8, 8)));
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(backend.requests).as("a file of another origin is no result").hasSize(4);

    Files.writeString(file("model").resolve("movqgan.safetensors"), "other weights");
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(backend.requests).as("other weights").hasSize(6);
    assertThat(journal())
        .hasSize(6)
        .allSatisfy(e -> assertThat(e.path("state").asText()).isEqualTo("made"));
  }

  @Test
  void a_given_picture_with_another_content_is_another_request() throws IOException {
    picture("in.png", 64, 64);
    lines("{\"prompt\":\"a\",\"image\":\"in.png\",\"size\":\"64x128\"}");
    assertThat(batch().code()).isZero();
    picture("in.png", 64, 96);
    assertThat(batch().code()).isZero();
    assertThat(backend.requests).hasSize(2);
  }

  @Test
  void a_failure_is_recorded_and_does_not_stop_the_rest() throws IOException {
    lines("{\"prompt\":\"a\"}", "{\"prompt\":\"b\"}", "{\"prompt\":\"c\"}", "{\"prompt\":\"d\"}");
    backend.beforePicture =
        number -> {
          if (number == 2) {
            throw LuminaException.of(ErrorCode.OUT_OF_MEMORY, "too large\nfor this");
          }
          if (number == 3) {
            throw new IllegalArgumentException("control tokens");
          }
        };
    Program.Result result = batch("--size", "32x32", "--json");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("lumina: line 2: too large for this\n")
        .endsWith("lumina: 2 of 4 pictures failed; see " + file("out/batch.jsonl") + "\n");
    JsonNode report = json(result.out());
    assertThat(report.path("made").asInt()).isEqualTo(2);
    assertThat(report.path("failed").path(1).path("line").asInt()).isEqualTo(3);
    assertThat(report.path("failed").path(1).path("code").asText()).isEqualTo("invalid-argument");
    assertThat(pictures()).hasSize(2);
    assertThat(journal()).hasSize(4);
    assertThat(journal().get(1).path("error").asText()).isEqualTo("too large for this");
    assertThat(journal().get(1).path("code").asText()).isEqualTo("out-of-memory");

    assertThat(batch("--size", "32x32").code()).as("tried again").isZero();
    assertThat(pictures()).hasSize(4);
  }

  @Test
  void pictures_of_a_line_are_drawn_side_by_side() throws IOException {
    backend.together = 4;
    lines("{\"prompt\":\"a\"}", "{\"prompt\":\"b\",\"count\":1}");
    Object[] settings = {"--size", "32x32", "--seed", 10, "-n", 5};
    assertThat(batch(settings).code()).isZero();
    assertThat(backend.groups).containsExactly(4, 1, 1);
    List<String> names = pictures();
    assertThat(names).hasSize(6);
    assertThat(journal()).hasSize(6);

    // Where one is missing from the middle, only that one is made, however it was made before.
    Files.delete(file("out").resolve(names.get(2)));
    backend.groups.clear();
    Program.Result again =
        batch(Stream.concat(Stream.of(settings), Stream.of("--together", 2)).toArray());
    assertThat(again.err()).contains("5 of 6 pictures are there already");
    assertThat(backend.groups).containsExactly(1);
    assertThat(pictures()).isEqualTo(names);
  }

  @Test
  void a_failure_among_pictures_of_a_line_costs_that_one_alone() throws IOException {
    backend.beforePicture =
        number ->
            backend.failure =
                number == 2 ? LuminaException.of(ErrorCode.INCOMPLETE, "3 of 4 rows exist") : null;
    lines("{\"prompt\":\"a\"}");
    assertThat(batch("--size", "32x32", "-n", 4).code()).isEqualTo(1);
    assertThat(pictures()).hasSize(3);
    assertThat(journal().stream().filter(entry -> entry.has("error"))).hasSize(1);
  }

  @Test
  void cancelling_stops_it() {
    lines("{\"prompt\":\"a\"}", "{\"prompt\":\"b\"}");
    backend.afterPicture = number -> program.cancellation.cancel();
    Program.Result result = batch("--size", "32x32");
    assertThat(result.code()).isEqualTo(130);
    assertThat(pictures()).hasSize(1);
    assertThat(result.err()).contains("1 picture made").endsWith("lumina: cancelled\n");
  }

  @Test
  void shards_share_the_pictures_out() {
    String[] all = new String[10];
    for (int i = 0; i < all.length; i++) {
      all[i] = "{\"prompt\":\"p" + i + "\"}";
    }
    lines(all);
    List<Integer> sizes = new ArrayList<>();
    for (int shard = 1; shard <= 3; shard++) {
      assertThat(batch("--size", "32x32", "--shard", shard + "/3").code()).isZero();
      sizes.add(pictures().size());
    }
    assertThat(sizes).containsExactly(4, 7, 10);
    assertThat(backend.requests).hasSize(10);
    assertThat(batch("--size", "32x32").code()).isZero();
    assertThat(backend.requests).as("nothing is left for all").hasSize(10);
  }

  @Test
  void two_processes_do_not_make_the_same_part() {
    lines("{\"prompt\":\"a\"}");
    assertThat(batch("--size", "32x32").code()).isZero();
    backend.requests.clear();
    lines("{\"prompt\":\"b\"}");
    try (BatchJournal other = BatchJournal.open(file("out"), Shard.WHOLE)) {
      Program.Result result = batch("--size", "32x32");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("another process");
      assertThat(batch("--size", "32x32", "--shard", "1/2").code()).isZero();
    }
    assertThat(backend.requests).hasSize(1);
  }

  @Test
  void candidates_are_scored_here_too() {
    lines("{\"prompt\":\"a\",\"best_of\":3,\"seed\":5,\"key\":\"a\"}", "{\"prompt\":\"b\"}");
    Program.Result result =
        batch("--size", "32x32", "--verifier", "grep -q '\"seed\":6' && echo 1 || echo 0");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(backend.requests).hasSize(4);
    RequestRecord record = PictureText.read(file("out").resolve("a.png"));
    assertThat(record.bestOf()).isEqualTo(new UsedBestOf(3, 5, 1.0));
    assertThat(record.seed()).isEqualTo(6);
    assertThat(pictures()).hasSize(3).contains("a-candidates.png");
    // Another verifier, another choice; the picture without one stays.
    backend.likelihood = (request, codes) -> -request.sampling().seed();
    assertThat(batch("--size", "32x32", "--verifier", "likelihood").code()).isZero();
    assertThat(backend.requests).hasSize(7);
    assertThat(PictureText.read(file("out").resolve("a.png")).bestOf())
        .isEqualTo(new UsedBestOf(3, 5, -5.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | not JSON",
        "[1] | not a JSON object",
        "{} | needs a prompt",
        "{\"prompt\":\"a\",\"sise\":1} | unknown field 'sise'",
        "{\"prompt\":\"a\",\"model\":\"x\"} | field 'model' holds for the whole batch",
        "{\"prompt\":\"a\",\"size\":\"10x32\"} | both sides must be multiples of 32",
        "{\"prompt\":\"a\",\"cfg\":\"much\"} | 'much'",
        "{\"prompt\":\"a\",\"cfg\":-1} | guidance scale must be",
        "{\"prompt\":\"a\",\"cfg\":[1]} | field 'cfg' must be",
        "{\"prompt\":\"a\",\"window\":8} | need --speculate",
        "{\"prompt\":\"a\",\"count\":0} | -n must be 1 or more",
        "{\"prompt\":\"a\",\"best-of\":2} | needs --verifier",
        "{\"prompt\":\"a\",\"task\":\"edit\"} | needs a given picture",
        "{\"prompt\":\"a\",\"image\":\"none.png\"} | there is no such file",
        "{\"prompt\":\"a\",\"output\":\"../a.png\"} | is not a name that ends in .png",
        "{\"prompt\":\"a\",\"output\":\"a.jpg\"} | is not a name that ends in .png",
        "{\"prompt\":\"a\",\"output\":\"b.png\"} | would be written twice, here and in line 1",
        "{\"prompt\":\"a\",\"key\":\"../x\"} | is not up to 100 letters",
        "{\"prompt\":\"a\",\"key\":\"k\"} | is that of line 1, too",
        "{\"prompt\":\"a\",\"panel\":\"lower\"} | is not what the task draws: whole",
        "{\"prompt\":\"a\",\"prompt\":\"b\"} | not JSON: Duplicate",
      })
  void every_line_is_checked_before_anything_is_loaded(String line, String message) {
    lines("{\"prompt\":\"a\",\"output\":\"b.png\",\"key\":\"k\"}", "", line);
    Program.Result result = batch("--size", "32x32");
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("lumina: " + file("prompts.jsonl") + " line 3: ")
        .contains(message)
        .hasLineCount(1);
    assertThat(backend.opened).isEmpty();
  }

  @Test
  void a_shard_must_exist() {
    lines("{\"prompt\":\"a\"}");
    for (String shard : List.of("0/2", "3/2", "1", "a/b")) {
      assertThat(batch("--shard", shard).code()).as(shard).isEqualTo(2);
    }
    lines("");
    assertThat(batch().err()).contains("no lines in it");
    refuse(2, "-o", "batch", file("prompts.jsonl"));
  }

  @Test
  void standard_input_is_a_file_too() {
    program.input("{\"prompt\":\"a\",\"key\":\"a\"}\n");
    succeed("batch", "-", "-o", file("out"), "--size", "32x32");
    assertThat(pictures()).containsExactly("a.png");
  }
}

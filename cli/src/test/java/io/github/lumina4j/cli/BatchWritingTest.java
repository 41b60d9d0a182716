package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch refuses before it draws, and what it keeps when writing fails. */
class BatchWritingTest extends CommandTest {
  @Test
  void a_batch_stops_when_its_folder_takes_no_more_and_keeps_what_was_drawn() throws IOException {
    Files.writeString(
        file("b.jsonl"), "{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n{\"prompt\":\"c\"}\n");
    backend.afterPicture =
        number -> {
          if (number == 2) {
            WritingTest.delete(file("out"));
          }
        };
    Program.Result result = run("batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32");
    assertThat(result.code()).isEqualTo(1);
    assertThat(backend.requests).hasSize(2);
    assertThat(PictureText.read(WritingTest.rescued(result.err(), "picture")).prompt())
        .isEqualTo("b");
    assertThat(result.err()).contains("does not exist");
    Files.delete(WritingTest.rescued(result.err(), "picture"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":\"a\\u0000b\"}",
        "{\"prompt\":\"a\\ud800\"}",
        "{\"prompt\":\"a\",\"template\":\"\\udc00 {prompt}\"}",
        "{\"prompt\":\"a\",\"output\":\"a\\u0000.png\"}",
        "{\"prompt\":\"a\",\"output\":\"a\\ud83d.png\"}"
      })
  void texts_that_no_file_can_hold_are_found_in_a_batch_before_anything_is_loaded(String line)
      throws IOException {
    Files.writeString(file("b.jsonl"), line + "\n");
    refuse(2, "b.jsonl line 1: ", "batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32");
  }

  @Test
  void a_journal_that_cannot_be_written_costs_no_picture() throws IOException {
    Files.writeString(file("b.txt"), "a\nb\n");
    Files.createDirectories(file("out"));
    // A device that is always full, as disks are at times.
    Files.createSymbolicLink(file("out").resolve("batch.jsonl"), Path.of("/dev/full"));
    Program.Result result = run("batch", file("b.txt"), "-o", file("out"), "--size", "32x32");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out().lines()).hasSize(2);
    assertThat(backend.requests).hasSize(2);
    assertThat(result.err()).contains("cannot write " + file("out").resolve("batch.jsonl"));
  }

  @Test
  void all_bad_lines_are_told_at_once() throws IOException {
    Files.writeString(
        file("b.jsonl"),
        "{\"prompt\":\"a\"}\n{\n\n{\"prompt\":\"b\",\"sise\":1}\nwords\n{\"prompt\":\"c\"}\n");
    Program.Result result = run("batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32");
    assertThat(result.code()).isEqualTo(2);
    List<String> lines = result.err().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("lumina: " + file("b.jsonl") + " line 2: not JSON");
    assertThat(lines.get(1)).contains("line 4: unknown field 'sise'");
    assertThat(lines.get(2)).contains("line 5: not JSON").contains("named .txt");
    assertThat(lines.get(3)).isEqualTo("lumina: " + file("b.jsonl") + ": 3 lines cannot be used");
    assertThat(backend.opened).isEmpty();
  }

  @Test
  void of_very_many_bad_lines_the_first_are_told_and_all_are_counted() throws IOException {
    Files.write(file("b.jsonl"), IntStream.range(0, 50).mapToObj(i -> "{").toList());
    Program.Result result = run("batch", file("b.jsonl"), "-o", file("out"));
    assertThat(result.err().lines()).hasSize(21);
    assertThat(result.err()).endsWith(": 50 lines cannot be used; the first 20 are above\n");
  }

  @Test
  void a_file_of_prompts_is_a_batch() throws IOException {
    Files.writeString(
        file("b.txt"),
        "\uFEFF# my foxes\r\n\r\na red fox \r\n{curly} braces\r\n--a dash\r\nein Häuschen");
    Program.Result result = run("batch", file("b.txt"), "-o", file("out"), "--size", "32x32");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(backend.requests)
        .extracting(request -> request.prompt())
        .containsExactly("a red fox", "{curly} braces", "--a dash", "ein Häuschen");
    // The same line as JSON is the same picture.
    Files.writeString(file("b.jsonl"), "{\"prompt\":\"a red fox\"}\n");
    assertThat(run("batch", file("b.jsonl"), "-o", file("out"), "--size", "32x32").err())
        .contains("1 of 1 pictures are there already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b.txt", "b", "b.JSONL"})
  void a_file_that_begins_with_an_object_is_json_whatever_its_name(String name) throws IOException {
    Files.writeString(file(name), "\n { \"prompt\": \"a\", \"guidance_scale\": 3}\n");
    assertThat(run("batch", file(name), "-o", file("out"), "--size", "32x32").code()).isZero();
    assertThat(backend.requests.get(0).prompt()).isEqualTo("a");
    assertThat(backend.requests.get(0).sampling().guidanceScale()).isEqualTo(3);
  }

  @Test
  void a_batch_has_no_line_that_is_read_in_two_ways() throws IOException {
    Files.writeString(file("b.txt"), "a fox\n{\"prompt\": \"b\"}\n");
    refuse(2, "b.txt line 2: a JSON object among prompts", "batch", file("b.txt"), "-o", file("o"));
    Files.writeString(file("b.jsonl"), "{\"prompt\":\"a\",\"cfg\":1,\"guidance_scale\":2}\n");
    refuse(2, "'guidance_scale' and 'cfg' are the same", "batch", file("b.jsonl"), "-o", file("o"));
    Files.writeString(file("none.txt"), "# nothing\n\n");
    refuse(2, "no lines in it", "batch", file("none.txt"), "-o", file("o"));
  }
}

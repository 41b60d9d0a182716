package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.DeviceException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.model.SafetensorsFile;
import io.github.lumina4j.training.RecordShards;
import io.github.lumina4j.training.TokenRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lumina tokenize} with the demo model's tokenizer and a made-up encoder. */
class TokenizeCommandTest {
  private static final Path DEMO_TOKENIZER = Path.of("../demo/model");
  private static final String GOOD = "{\"image_path\":\"a.png\",\"prompt\":\"A red star.\"}\n";
  private static final String BAD = "{\"image_path\":\"none.png\",\"prompt\":\"A red star.\"}\n";

  @TempDir Path folder;
  private final FakeBackend backend = new FakeBackend();
  private final Program program = new Program(backend);
  private Path input;
  private Path records;

  @BeforeEach
  void model() throws IOException {
    Path model = FakeBackend.checkpoint(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{\"image_token_offset\": 576}");
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(DEMO_TOKENIZER.resolve(name), model.resolve(name));
    }
    ImageFiles.write(folder.resolve("a.png"), new RgbImage(64, 64, new byte[64 * 64 * 3]));
    input = folder.resolve("in.jsonl");
    records = folder.resolve("records");
  }

  private Program.Result run(String content, Object... more) throws IOException {
    Files.writeString(input, content);
    Stream<Object> args =
        Stream.of(
            "tokenize", input, records, "--model", folder.resolve("model"), "--target-size", 64);
    return program.run(
        Stream.concat(args, Stream.of(more)).map(Object::toString).toArray(String[]::new));
  }

  private List<TokenRecord> written() {
    List<TokenRecord> all = new ArrayList<>();
    RecordShards.files(records).forEach(file -> all.addAll(RecordShards.read(file)));
    return all;
  }

  @Test
  void examples_become_records() throws IOException {
    Program.Result result = run(GOOD + GOOD);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(records + ": 2 records added; 1 file\n");
    assertThat(written()).hasSize(2);
    assertThat(written().get(0).tokens()).contains(576).hasSizeBetween(8 * 9 + 10, 8 * 9 + 40);
    assertThat(backend.opened.get(0).model()).isEmpty(); // the transformer is not loaded
    assertThat(backend.closed).isEqualTo(1);
  }

  @Test
  void items_that_cannot_be_used_are_named_and_left_out() throws IOException {
    Program.Result result = run(GOOD + BAD + "\noops\n" + GOOD, "-q");
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(records + ": 2 records added, 2 items left out; 1 file\n");
    assertThat(result.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("lumina: " + input + ", line "))
        .satisfiesExactly(
            line -> assertThat(line).contains("line 2: ").contains("none.png"),
            line -> assertThat(line).contains("line 4: not JSON: "));
  }

  @Test
  void if_nothing_can_be_used_the_command_fails() throws IOException {
    Program.Result result = run(BAD + BAD, "-q");
    assertThat(result.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(result.err()).endsWith("none of 2 items of " + input + " could be used\n");
    assertThat(written()).isEmpty();
  }

  @Test
  void a_finished_folder_is_left_as_it_is_and_not_mixed_with_other_items() throws IOException {
    String content = GOOD.repeat(3);
    assertThat(run(content).code()).isZero();
    Program.Result again = run(content, "--json");
    assertThat(CommandTest.json(again.out()).path("added").asInt()).isZero();
    assertThat(CommandTest.json(again.out()).path("earlier").asInt()).isEqualTo(3);
    assertThat(backend.opened).hasSize(1); // nothing to do, nothing loaded
    Program.Result other = run(content + GOOD);
    assertThat(other.code()).isEqualTo(ExitCodes.FAILED);
    assertThat(other.err()).contains("made with input_sha256");
    assertThat(written()).hasSize(3);
  }

  @Test
  void a_run_that_failed_keeps_what_it_has_and_the_next_one_does_the_rest() throws IOException {
    backend.beforeEncoding =
        number -> {
          if (number == 3) { // no fault of the item
            throw new DeviceException("lost");
          }
        };
    assertThat(run(GOOD.repeat(5)).code()).isEqualTo(ExitCodes.DEVICE);
    assertThat(written()).hasSize(2);
    backend.beforeEncoding = number -> {};
    Program.Result rest = run(GOOD.repeat(5));
    assertThat(rest.out()).isEqualTo(records + ": 3 records added, 2 items done before; 2 files\n");
    Path whole = folder.resolve("whole");
    List<TokenRecord> stopped = written();
    records = whole;
    run(GOOD.repeat(5));
    assertThat(stopped).isEqualTo(written());
  }

  @Test
  void cancelling_stops_between_items() throws IOException {
    backend.beforeEncoding =
        number -> {
          if (number == 2) {
            program.cancellation.cancel();
          }
        };
    assertThat(run(GOOD.repeat(5)).code()).isEqualTo(ExitCodes.CANCELLED);
    assertThat(written()).hasSize(2);
  }

  @Test
  void parts_are_all_items_once() throws IOException {
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      content.append("{\"token\":[" + i + "],\"label\":[" + i + "]}\n");
    }
    for (int rank = 0; rank < 3; rank++) {
      assertThat(run(content.toString(), "--splits", 3, "--rank", rank).code()).isZero();
    }
    assertThat(written().stream().map(record -> record.tokens()[0]))
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(RecordShards.files(records)).hasSize(3);
    Program.Result wrong = run(content.toString(), "--splits", 3, "--rank", 3);
    assertThat(wrong.code()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void records_go_out_and_in_as_json_lines() throws IOException {
    Path lines = folder.resolve("lines.jsonl");
    assertThat(run(GOOD + GOOD, "--lines", lines).code()).isZero();
    List<TokenRecord> first = written();
    records = folder.resolve("again");
    assertThat(run(Files.readString(lines)).code()).isZero();
    assertThat(written()).isEqualTo(first).hasSize(2);
  }

  @Test
  void pictures_need_no_model() throws IOException {
    Files.delete(folder.resolve("model/config.json"));
    Program.Result result = run(GOOD + BAD + GOOD, "--pixels");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(records + ": 2 records added, 1 item left out; 1 file\n");
    SafetensorsFile shard = SafetensorsFile.read(records.resolve("pixels-00000.safetensors"));
    assertThat(shard.tensors().get("pixels").shape()).containsExactly(2L, 64L, 64L, 3L);
    assertThat(backend.opened).isEmpty();
    assertThat(run(GOOD, "--pixels", "--lines", folder.resolve("l")).code())
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void a_terminal_sees_a_bar() throws IOException {
    program.terminal = new Terminal(true, 100);
    Program.Result result = run(GOOD + BAD + GOOD);
    assertThat(result.err()).contains("items", "100%", "line 2: ");
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.SampleStream;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import io.github.lumina4j.image.Panels;
import io.github.lumina4j.model.SafetensorsFile;
import io.github.lumina4j.training.PixelShards;
import io.github.lumina4j.training.RecordShards;
import io.github.lumina4j.training.TokenRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoDataCommandTest extends CommandTest {
  private static final Path DEMO_TOKENIZER = Path.of("../demo/model");
  private static final int SIDE = 96;

  @BeforeEach
  void tokenizer() throws IOException {
    Files.writeString(model().resolve("config.json"), "{\"image_token_offset\": 576}");
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(DEMO_TOKENIZER.resolve(name), file("model").resolve(name));
    }
  }

  private List<RgbImage> pixels(int height) {
    List<RgbImage> pictures = new ArrayList<>();
    for (Path shard : PixelShards.files(file("out"))) {
      byte[] bytes = SafetensorsFile.read(shard).bytes("pixels");
      int size = height * SIDE * 3;
      for (int at = 0; at < bytes.length; at += size) {
        byte[] one = Arrays.copyOfRange(bytes, at, at + size);
        pictures.add(new RgbImage(SIDE, height, one));
      }
    }
    return pictures;
  }

  private List<TokenRecord> records(String name) {
    List<TokenRecord> all = new ArrayList<>();
    RecordShards.files(file(name)).forEach(shard -> all.addAll(RecordShards.read(shard)));
    return all;
  }

  private Program.Result pixels(long count, int panels, long seed) {
    return run(
        "demo-data", "pixels", file("out"), "--count", count, "--panels", panels, "--seed", seed);
  }

  private Program.Result records(String name, long first, long count) {
    return run("demo-data", "records", file(name), "--count", count, "--first", first, "--seed", 5);
  }

  @Test
  void pixels_are_the_panels_of_the_samples_in_turn() {
    assertThat(pixels(25, 1, 5).out()).isEqualTo(file("out") + ": 25 added; 1 file\n");
    List<RgbImage> expected = new ArrayList<>();
    for (long i = 0; expected.size() < 25; i++) {
      expected.addAll(new SampleStream(5).sample(i).panels());
    }
    assertThat(pixels(SIDE)).isEqualTo(expected.subList(0, 25));
  }

  @Test
  void pairs_are_the_samples_with_two_panels() {
    assertThat(pixels(6, 2, 5).code()).isZero();
    List<RgbImage> expected = new ArrayList<>();
    for (long i = 0; expected.size() < 6; i++) {
      TrainingSample sample = new SampleStream(5).sample(i);
      if (sample.panels().size() == 2) {
        expected.add(Panels.stack(sample.panels().get(0), sample.panels().get(1)));
      }
    }
    assertThat(pixels(2 * SIDE)).isEqualTo(expected);
  }

  @Test
  void more_pixels_continue_and_other_ones_are_refused() {
    // One by one, so that some runs end between the panels of a sample.
    for (int count = 1; count <= 11; count++) {
      pixels(count, 1, 5);
    }
    assertThat(pixels(12, 1, 5).out())
        .isEqualTo(file("out") + ": 1 added, 11 there before; 12 files\n");
    List<RgbImage> inParts = pixels(SIDE);
    assertThat(pixels(12, 1, 5).out()).startsWith(file("out") + ": 0 added, 12 there before");
    assertThat(pixels(12, 1, 6).err()).contains("made with demo_seed 5, not 6");
    assertThat(pixels(12, 2, 5).err()).contains("made with demo_panels 1, not 2");
    List<RgbImage> expected = new ArrayList<>();
    for (long i = 0; expected.size() < 12; i++) {
      expected.addAll(new SampleStream(5).sample(i).panels());
    }
    assertThat(inParts).isEqualTo(expected.subList(0, 12));
  }

  @Test
  void the_book_has_pictures_of_its_own_size_and_its_own_folders() {
    Object[] book = {
      "demo-data", "pixels", file("out"), "--world", "book", "--count", 3, "--seed", 5
    };
    succeed(book);
    SafetensorsFile shard = SafetensorsFile.read(PixelShards.files(file("out")).get(0));
    assertThat(shard.bytes("pixels")).hasSize(3 * 128 * 128 * 3);
    byte[] first =
        DemoWorld.BOOK.samples(5, TaskShares.USUAL, 4).sample(0).panels().get(0).pixels();
    assertThat(Arrays.copyOf(shard.bytes("pixels"), first.length)).isEqualTo(first);
    assertThat(pixels(4, 1, 5).err()).contains("made with demo_world book, not shapes");
  }

  @Test
  void prompts_are_what_the_samples_say() {
    Program.Result result =
        succeed("demo-data", "prompts", "--world", "book", "--count", 40, "--most-things", 1);
    SampleSource samples = DemoWorld.BOOK.samples(0, TaskShares.USUAL, 1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      TrainingSample sample = samples.sample(i);
      String description = sample.description() == null ? "" : "\t" + sample.description();
      expected.add(sample.task() + "\t" + sample.prompt() + description);
    }
    assertThat(result.out().lines().toList()).isEqualTo(expected);
    assertThat(succeed("demo-data", "prompts", "--count", 1, "--json").out())
        .startsWith("{\"task\":");
  }

  @Test
  void records_are_the_samples_from_the_first_on() {
    assertThat(records("all", 0, 20).code()).isZero();
    List<TokenRecord> all = records("all");
    assertThat(all).hasSize(20);
    assertThat(backend.opened.get(0).model()).isEmpty(); // the transformer is not loaded
    assertThat(records("part", 6, 3).code()).isZero();
    assertThat(records("part")).isEqualTo(all.subList(6, 9));
    assertThat(records("part", 6, 9).out())
        .isEqualTo(file("part") + ": 6 added, 3 there before; 2 files\n");
    assertThat(records("part")).isEqualTo(all.subList(6, 15));
    int opened = backend.opened.size();
    assertThat(records("part", 6, 9).out()).contains(": 0 added, 9 there before");
    assertThat(backend.opened).hasSize(opened);
    assertThat(records("part", 7, 9).err()).contains("made with demo_first 6, not 7");
  }

  @Test
  void shares_decide_which_tasks_occur() {
    Object[] edits = {
      "demo-data", "records", file("e"), "--count", 5, "--seed", 5, "--shares", "edit=1"
    };
    succeed(edits);
    assertThat(records("e")).hasSize(5);
    assertThat(backend.encoded).hasSize(10); // each has two pictures
    edits[edits.length - 1] = "edit=1,t2i=2";
    assertThat(run(edits).err())
        .contains("made with demo_shares t2i=0,pair=0,i2i=0,dense=0,subject=0,edit=1, not t2i=2,");
  }

  @Test
  void a_stopped_run_keeps_whole_records_and_continues() {
    backend.beforeEncoding = number -> cancelAt(number, 60);
    assertThat(records("out", 0, 100).code()).isEqualTo(ExitCodes.CANCELLED);
    int kept = records("out").size();
    assertThat(kept).isBetween(30, 70);
    Program again = new Program(new FakeBackend());
    again.variables.putAll(program.variables);
    String[] args = {
      "demo-data", "records", file("out").toString(), "--count", "100", "--seed", "5"
    };
    assertThat(again.run(args).out())
        .startsWith(file("out") + ": " + (100 - kept) + " added, " + kept + " there before");
    assertThat(records("out")).hasSize(100);
  }

  private void cancelAt(int number, int last) {
    if (number == last) {
      program.cancellation.cancel();
    }
  }

  @Test
  void what_makes_no_sense_is_refused() {
    refuse(2, "a command is needed: pixels, records or prompts", "demo-data");
    refuse(2, "--count must be 1 or more, not 0", "demo-data", "pixels", file("o"), "--count", 0);
    refuse(
        2,
        "--panels must be 1 or 2, not 3",
        List.of("demo-data", "pixels", file("o"), "--count", 1, "--panels", 3).toArray());
    refuse(
        2,
        "--first must be 0 or more",
        List.of("demo-data", "records", file("o"), "--count", 1, "--first", -1).toArray());
    refuse(
        2,
        "'paint=1' is not KIND=SHARE; kinds: t2i, pair, ",
        List.of("demo-data", "records", file("o"), "--count", 1, "--shares", "paint=1").toArray());
    refuse(
        2,
        "must be shapes or book (got 'sea')",
        List.of("demo-data", "pixels", file("o"), "--count", 1, "--world", "sea").toArray());
    refuse(
        2,
        "--most-things needs --world book",
        "demo-data",
        "prompts",
        "--count",
        1,
        "--most-things",
        2);
    refuse(
        2,
        "--most-things must be between 1 and 4 (got 5)",
        "demo-data",
        "prompts",
        "--count",
        1,
        "--world",
        "book",
        "--most-things",
        5);
    refuse(2, "missing: --count N", "demo-data", "records", file("o"));
  }

  @Test
  void its_own_commands_have_help_with_exit_codes() {
    for (String name : List.of("pixels", "records", "prompts")) {
      Program.Result result = succeed("demo-data", name, "--help");
      assertThat(result.out()).contains("--count", "--seed", "Exit codes:", "  130  ");
      assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
    }
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.training.RecordShards;
import io.github.lumina4j.training.TokenRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the real library and the smallest recipe checkpoint. */
class EndToEndTest {
  @TempDir static Path cache;
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  @BeforeEach
  void recipesGoToTheCacheOfTheTest() {
    program.variables.put("LUMINA_CACHE", cache.toString());
    program.variables.put("LUMINA_MODEL", "recipe:tiny");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private Program.Result succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private Path given(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 251);
    }
    ImageFiles.write(file("given.png"), new RgbImage(width, height, pixels));
    return file("given.png");
  }

  @Test
  void a_prompt_becomes_a_picture_of_the_asked_size_that_knows_its_request() {
    Program.Result result =
        succeed("generate", "一只红色的狐狸 🦊", "--size", "96x64", "--seed", 7, "-o", file("fox.png"));
    assertThat(result.out()).isEqualTo(file("fox.png") + "\n");
    RgbImage picture = ImageFiles.read(file("fox.png"));
    assertThat(List.of(picture.width(), picture.height())).containsExactly(96, 64);
    assertThat(succeed("inspect", file("fox.png")).out()).contains("一只红色的狐狸 🦊", "96x64");
  }

  @Test
  void the_same_seed_gives_the_same_bytes_and_another_gives_others() throws IOException {
    for (String name : List.of("a", "b")) {
      succeed("generate", "fox", "--size", "64x64", "--seed", 7, "-o", file(name + ".png"));
    }
    succeed("generate", "fox", "--size", "64x64", "--seed", 8, "-o", file("c.png"));
    byte[] first = Files.readAllBytes(file("a.png"));
    assertThat(Files.readAllBytes(file("b.png"))).isEqualTo(first);
    assertThat(ImageFiles.read(file("c.png"))).isNotEqualTo(ImageFiles.read(file("a.png")));
  }

  @Test
  void several_pictures_are_those_of_their_seeds() {
    succeed("generate", "fox", "--size", "64x64", "--seed", 7, "-n", 2, "-o", file("s{seed}.png"));
    succeed("generate", "fox", "--size", "64x64", "--seed", 8, "-o", file("alone.png"));
    assertThat(PictureText.read(file("s8.png")).together()).isEqualTo(2);
    assertThat(ImageFiles.read(file("s8.png"))).isEqualTo(ImageFiles.read(file("alone.png")));
  }

  @Test
  void the_model_chooses_the_likeliest_of_its_candidates() {
    Program.Result result =
        succeed(
            "generate",
            "fox",
            "--size",
            "64x64",
            "--seed",
            7,
            "--best-of",
            3,
            "--verifier",
            "likelihood",
            "--json",
            "-o",
            file("best.png"));
    JsonNode best = CommandTest.json(result.out()).path("pictures").path(0);
    assertThat(best.path("seed").asLong()).isBetween(7L, 9L);
    assertThat(best.path("score").asDouble()).isNegative();
    succeed("generate", "fox", "--size", "64x64", "--seed", best.path("seed"), "-o", file("a.png"));
    assertThat(ImageFiles.read(file("best.png"))).isEqualTo(ImageFiles.read(file("a.png")));
    assertThat(file("best-candidates.png")).exists();
  }

  @Test
  void saved_tokens_decode_to_the_generated_file() throws IOException {
    succeed(
        "generate", "fox", "--size", "64x96", "-o", file("a.png"), "--save-tokens", file("a.json"));
    succeed("decode", file("a.json"), "-o", file("b.png"));
    assertThat(Files.readAllBytes(file("b.png"))).isEqualTo(Files.readAllBytes(file("a.png")));
  }

  @Test
  void a_pair_has_both_panels() {
    succeed("generate", "fox", "--task", "pair-canny", "--size", "64x128", "-o", file("pair.png"));
    assertThat(ImageFiles.read(file("pair.png")).height()).isEqualTo(128);
  }

  @Test
  void a_given_picture_leads_to_a_panel_of_its_own() {
    Program.Result result =
        succeed(
            "edit",
            given(70, 50),
            "make it night",
            "--size",
            "64x128",
            "--json",
            "-o",
            file("night.png"),
            "--save-tokens",
            file("night.json"));
    RgbImage picture = ImageFiles.read(file("night.png"));
    assertThat(List.of(picture.width(), picture.height())).containsExactly(64, 64);
    JsonNode report = CommandTest.json(result.out());
    assertThat(report.path("request").path("task").asText()).isEqualTo("edit");
    // Eight rows of eight codes and a line end are drawn, and the end of the picture.
    assertThat(report.path("stats").path("generated_tokens").asInt()).isBetween(72, 73);
    assertThat(TokenFile.read(file("night.json")).rows()).isEqualTo(16);
  }

  @Test
  void turns_follow_each_other_and_a_batch_makes_the_same_pictures() throws IOException {
    succeed("edit", given(70, 50), "a", "b", "--size", "64x128", "--seed", 7, "-o", file("t.png"));
    assertThat(ImageFiles.read(file("t-2.png"))).isNotEqualTo(ImageFiles.read(file("t-1.png")));
    Files.writeString(
        file("lines.jsonl"),
        "{\"image\":\"t-1.png\",\"prompt\":\"b\",\"seed\":8,\"key\":\"two\"}\n");
    succeed("batch", file("lines.jsonl"), "-o", file("out"), "--size", "64x128");
    assertThat(ImageFiles.read(file("out/two.png"))).isEqualTo(ImageFiles.read(file("t-2.png")));
  }

  @Test
  void the_doctor_finds_the_native_library() {
    JsonNode report = CommandTest.json(succeed("doctor", "--json").out());
    JsonNode library = report.path("native_library");
    assertThat(Path.of(library.path("file").asText())).isRegularFile();
    assertThat(Path.of(library.path("libtorch").asText())).isRegularFile();
    assertThat(report.path("devices").path(0).path("name").asText()).isEqualTo("cpu");
  }

  @Test
  void a_subject_needs_its_description() {
    succeed(
        "edit",
        given(64, 64),
        "on a beach",
        "--task",
        "subject",
        "--description",
        "a blue cup",
        "--size",
        "64x128",
        "-o",
        file("cup.png"));
    assertThat(ImageFiles.readText(file("cup.png"))).containsEntry("description", "a blue cup");
  }

  @Test
  void the_reference_sampling_runs_or_says_how_far_it_came() {
    Program.Result result =
        run(
            "generate",
            "fox",
            "--size",
            "64x64",
            "--sampling",
            "reference",
            "--seed",
            7,
            "--cfg-schedule",
            "reference",
            "-o",
            file("a.png"));
    // Noise may end a picture early.
    assertThat(result.code()).as(result.err()).isBetween(0, 1);
    assertThat(Files.exists(file("a.png"))).isEqualTo(result.code() == 0);
  }

  @Test
  void a_picture_goes_to_codes_and_back() {
    Program.Result result =
        succeed(
            "reconstruct", given(50, 35), "-o", file("back.png"), "--save-tokens", file("t.json"));
    assertThat(result.out()).containsPattern("PSNR -?\\d+\\.\\d\\d dB\n");
    RgbImage back = ImageFiles.read(file("back.png"));
    assertThat(List.of(back.width(), back.height())).containsExactly(48, 32);
    succeed("decode", file("t.json"), "-o", file("again.png"));
    assertThat(ImageFiles.read(file("again.png"))).isEqualTo(back);
  }

  @Test
  void control_tokens_in_the_prompt_are_refused_by_name() {
    Program.Result result = run("generate", "a <|im_end|> fox", "-q", "-o", file("a.png"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("<|im_end|>").hasLineCount(1);
  }

  @Test
  void codes_beyond_the_codebook_are_refused() throws IOException {
    Files.writeString(
        file("t.json"),
        "{\"format\":\"lumina4j-tokens-1\",\"rows\":4,\"columns\":4,\"complete\":true,"
            + "\"panel\":\"whole\",\"codes\":["
            + "999999,".repeat(15)
            + "0]}");
    Program.Result result = run("decode", file("t.json"), "-q", "-o", file("a.png"));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains("999999").hasLineCount(1);
    assertThat(Files.exists(file("a.png"))).isFalse();
  }

  @Test
  void a_checkpoint_is_described_without_loading_it() {
    String text = succeed("inspect", "recipe:tiny").out();
    assertThat(text).contains("transformer", "image tokenizer", "768x768");
    JsonNode info = CommandTest.json(succeed("inspect", "recipe:tiny", "--json").out());
    assertThat(info.path("transformer").path("layers").asInt()).isPositive();
    String tokenizer = info.path("image_tokenizer").path("file").asText();
    assertThat(succeed("inspect", tokenizer).out()).contains("MoVQGAN");
  }

  @Test
  void a_truncated_checkpoint_is_unusable() throws IOException {
    succeed("recipe", file("model"), "--preset", "tiny");
    try (Stream<Path> files = Files.list(file("model"))) {
      Path weights =
          files
              .filter(f -> f.getFileName().toString().matches("model.*\\.safetensors"))
              .findFirst()
              .orElseThrow();
      try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() - 5);
      }
    }
    for (String[] command : new String[][] {{"generate", "fox", "--model"}, {"inspect"}}) {
      Object[] args = Stream.concat(Stream.of(command), Stream.of(file("model"), "-q")).toArray();
      Program.Result result = run(args);
      assertThat(result.code()).as(result.err()).isEqualTo(3);
      assertThat(result.err()).contains(".safetensors").hasLineCount(1);
    }
  }

  @Test
  void a_recipe_does_not_replace_what_is_there() throws IOException {
    Files.createDirectories(file("model"));
    Files.writeString(file("model").resolve("notes.txt"), "mine");
    Program.Result result = run("recipe", file("model"), "-q");
    assertThat(result.code()).as(result.err()).isBetween(1, 2);
    assertThat(file("model").toFile().list()).containsExactly("notes.txt");
  }

  @Test
  void a_recipe_has_the_layers_and_numbers_that_were_asked_for() {
    succeed("recipe", file("model"), "--layers", 1, "--dtype", "fp32");
    JsonNode info = CommandTest.json(succeed("inspect", file("model"), "--json").out());
    assertThat(info.path("transformer").path("layers").asInt()).isEqualTo(1);
    assertThat(info.path("transformer").path("stored_dtype").asText()).containsIgnoringCase("f");
  }

  @Test
  void devices_begin_with_the_processor() {
    assertThat(succeed("devices").out()).startsWith("cpu  ");
  }

  @Test
  void bench_reports_every_figure() {
    Program.Result result =
        succeed(
            "bench",
            "--cache-lengths",
            "8,32",
            "--steps",
            1,
            "--prompt-tokens",
            8,
            "--image-sides",
            32,
            "--json");
    JsonNode report = CommandTest.json(result.out());
    assertThat(report.path("steps")).hasSize(2);
    assertThat(report.path("steps").path(1).path("cache_length").asInt()).isEqualTo(32);
    assertThat(report.path("steps").path(1).path("milliseconds").asDouble()).isPositive();
    assertThat(report.path("pictures").path(0).path("decode_seconds").asDouble()).isPositive();
    assertThat(report.path("read_bandwidth").asDouble()).isPositive();
    assertThat(report.path("peak_memory_bytes").asLong()).isPositive();
  }

  @Test
  void examples_become_records_with_the_codes_of_the_picture_above_and_below() throws IOException {
    given(64, 64);
    Files.writeString(
        file("in.jsonl"),
        "{\"task\":\"edit\",\"prompt\":\"night\",\"images\":[\"given.png\",\"given.png\"]}\n");
    succeed("tokenize", file("in.jsonl"), file("records"), "--target-size", 64);
    TokenRecord record = RecordShards.read(RecordShards.files(file("records")).get(0)).get(0);
    succeed("reconstruct", file("given.png"), "-o", file("b.png"), "--save-tokens", file("t.json"));
    int[] codes = TokenFile.read(file("t.json")).imageCodes().values();
    // Sixteen rows of eight codes and a line end, then the end of the picture and of the turn.
    int[] tokens = record.tokens();
    int first = tokens.length - 2 - 16 * 9;
    for (int i = 0; i < codes.length; i++) {
      int offset = tokens[first] - codes[0];
      assertThat(tokens[first + i / 8 * 9 + i % 8]).isEqualTo(codes[i] + offset);
      assertThat(tokens[first + (8 + i / 8) * 9 + i % 8]).isEqualTo(codes[i] + offset);
    }
  }
}

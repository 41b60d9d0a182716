package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.Device;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Precision;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCommandTest extends CommandTest {
  private GenerationRequest only() {
    assertThat(backend.requests).hasSize(1);
    return backend.requests.get(0);
  }

  @Test
  void defaults_are_the_documented_ones() {
    Path file = file("fox.png");
    Program.Result result = succeed("generate", "a red fox", "-o", file);
    assertThat(result.out()).isEqualTo(file + "\n");
    assertThat(only())
        .isEqualTo(
            new GenerationRequest(
                Tasks.byName("t2i"),
                "a red fox",
                "",
                new ImageSize(768, 768),
                Optional.empty(),
                new SamplingOptions(
                    4.0,
                    SamplingOptions.GuidanceSchedule.CONSTANT,
                    4096,
                    10,
                    1.0,
                    SamplingOptions.Mode.FORCED,
                    Program.CHOSEN_SEED),
                DecodingOptions.SEQUENTIAL,
                false));
    assertThat(backend.opened)
        .singleElement()
        .satisfies(
            options -> {
              assertThat(options.model()).contains(model());
              assertThat(options.imageTokenizer()).contains(model().resolve("movqgan.safetensors"));
              assertThat(options.precision()).isEqualTo(Precision.AUTO);
              assertThat(options.imagePrecision()).isEqualTo(Precision.FP32);
              assertThat(options.threads()).isZero();
            });
    assertThat(backend.closed).isEqualTo(1);
  }

  @Test
  void every_option_reaches_the_library() {
    Path tokenizer = model().resolve("movqgan.safetensors");
    succeed(
        "generate",
        "--model",
        model(),
        "--image-tokenizer",
        tokenizer,
        "--prompt",
        "fox",
        "--size",
        "64x96",
        "--cfg",
        "3",
        "--cfg-schedule",
        "reference",
        "--top-k",
        1,
        "--text-top-k",
        2,
        "--temperature",
        "0.5",
        "--sampling",
        "reference",
        "--seed",
        -7,
        "--dtype",
        "bf16",
        "--image-dtype",
        "bf16",
        "--threads",
        3,
        "--allow-partial",
        "--template",
        "{w}, {h}: {prompt}",
        "-o",
        file("fox.jpg"));
    assertThat(only().size()).isEqualTo(new ImageSize(64, 96));
    assertThat(only().task().template()).isEqualTo("{w}, {h}: {prompt}");
    assertThat(only().allowPartial()).isTrue();
    assertThat(only().sampling())
        .isEqualTo(
            new SamplingOptions(
                3,
                SamplingOptions.GuidanceSchedule.REFERENCE,
                1,
                2,
                0.5,
                SamplingOptions.Mode.REFERENCE,
                -7));
    assertThat(backend.opened.get(0).precision()).isEqualTo(Precision.BF16);
    assertThat(backend.opened.get(0).imagePrecision()).isEqualTo(Precision.BF16);
    assertThat(backend.opened.get(0).threads()).isEqualTo(3);
    assertThat(ImageFiles.read(file("fox.jpg")).width()).isEqualTo(64);
  }

  @Test
  void a_pair_is_one_picture_with_two_panels() {
    succeed("generate", "fox", "--task", "depth", "--size", "64x128", "-o", file("p.png"));
    assertThat(only().task()).isEqualTo(Tasks.byName("pair-depth"));
    assertThat(ImageFiles.read(file("p.png")).height()).isEqualTo(128);
  }

  @Test
  void prompts_come_from_arguments_files_and_standard_input() throws IOException {
    String words = "一只红色的狐狸 🦊 “in the snow”";
    Path prompt = file("prompt.txt");
    Files.writeString(prompt, "\uFEFF" + words + "\r\n", StandardCharsets.UTF_8);
    program.input(words + "\n");
    Object[][] ways = {
      {words},
      {"-p", words},
      {"--prompt=" + words},
      {"--prompt-file", prompt},
      {"--prompt-file", "-"}
    };
    for (Object[] way : ways) {
      Object[] args = new Object[way.length + 5];
      System.arraycopy(
          new Object[] {"generate", "--size", "32x32", "-o", file("a.png")}, 0, args, 0, 5);
      System.arraycopy(way, 0, args, 5, way.length);
      succeed(args);
      assertThat(backend.requests.get(backend.requests.size() - 1).prompt()).isEqualTo(words);
      assertThat(ImageFiles.readText(file("a.png"))).containsEntry("prompt", words);
    }
    assertThat(backend.requests).hasSize(ways.length);
  }

  @Test
  void lines_within_a_prompt_file_stay() throws IOException {
    Files.writeString(file("p.txt"), "one\n\ntwo\n\n");
    succeed("generate", "--prompt-file", file("p.txt"), "-o", file("a.png"), "--size", "32x32");
    assertThat(only().prompt()).isEqualTo("one\n\ntwo\n");
  }

  @Test
  void a_prompt_file_must_be_readable_text() throws IOException {
    refuse(1, "none.txt: there is no such file", "generate", "--prompt-file", file("none.txt"));
    refuse(1, "it is a folder", "generate", "--prompt-file", folder);
    Files.write(file("latin.txt"), new byte[] {'f', (byte) 0xfc, 'r'});
    refuse(1, "latin.txt: it is not UTF-8", "generate", "--prompt-file", file("latin.txt"));
    Files.write(file("large.txt"), new byte[(1 << 20) + 1]);
    refuse(1, "larger than 1.0 MiB", "generate", "--prompt-file", file("large.txt"));
    program.input("a\0b");
    refuse(2, "NUL", "generate", "--prompt-file", "-");
  }

  @Test
  void a_prompt_may_begin_with_an_at_sign() throws IOException {
    String prompt = "@" + Files.writeString(file("words.txt"), "--quiet");
    succeed("generate", prompt, "-o", file("a.png"), "--size", "32x32");
    assertThat(only().prompt()).isEqualTo(prompt);
  }

  @Test
  void several_pictures_count_seeds_and_file_names_up() {
    Program.Result result =
        succeed("generate", "fox", "-n", 3, "--seed", 7, "-o", file("fox.png"), "--size", "32x32");
    assertThat(files()).containsExactly("fox-1.png", "fox-2.png", "fox-3.png");
    assertThat(result.out().lines())
        .containsExactly(
            file("fox-1.png").toString(),
            file("fox-2.png").toString(),
            file("fox-3.png").toString());
    assertThat(backend.requests.stream().map(r -> r.sampling().seed())).containsExactly(7L, 8L, 9L);
    assertThat(ImageFiles.readText(file("fox-2.png"))).containsEntry("seed", "8");
    assertThat(backend.opened).hasSize(1);
  }

  @Test
  void the_device_is_passed_on() {
    succeed("generate", "fox", "--size", "32x32", "--device", "cuda:1", "-o", file("a.png"));
    assertThat(backend.opened.get(0).device()).isEqualTo(new Device("cuda:1"));
    succeed("generate", "fox", "--size", "32x32", "-o", file("a.png"));
    assertThat(backend.opened.get(1).device()).isEqualTo(Device.CPU);
  }

  @Test
  void several_pictures_are_drawn_side_by_side_and_told_together() {
    backend.together = 2;
    Program.Result result =
        succeed(
            "generate",
            "fox",
            "-n",
            3,
            "--seed",
            7,
            "-o",
            file("fox.png"),
            "--size",
            "32x32",
            "--together",
            2);
    assertThat(backend.groups).containsExactly(2, 1);
    assertThat(backend.requests.stream().map(r -> r.sampling().seed())).containsExactly(7L, 8L, 9L);
    assertThat(backend.requests.get(0).decoding().together()).isEqualTo(2);
    assertThat(result.err())
        .contains("pictures 1 to 2 of 3")
        .containsPattern("picture 2 of 3: 32x32, seed 8, .*, 2 together")
        .containsPattern("picture 3 of 3: 32x32, seed 9, .* tokens/s\n");
    assertThat(PictureText.read(file("fox-2.png")).together()).isEqualTo(2);
    assertThat(PictureText.read(file("fox-3.png")).together()).isNull();
  }

  @Test
  void pictures_that_are_watched_are_drawn_alone() {
    backend.together = 2;
    succeed("generate", "fox", "-n", 2, "-o", file("a.png"), "--size", "32x32", "--keep-partial");
    assertThat(backend.requests).hasSize(2);
    assertThat(backend.groups).isEmpty();
  }

  @Test
  void candidates_are_drawn_side_by_side_too() {
    backend.together = 8;
    Program.Result result =
        succeed(
            "generate",
            "fox",
            "-o",
            file("a.png"),
            "--size",
            "32x32",
            "--best-of",
            3,
            "--verifier",
            "likelihood");
    assertThat(backend.groups).containsExactly(3);
    assertThat(result.err()).contains("candidates 1 to 3 of 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "65"})
  void how_many_side_by_side_is_checked(String count) {
    Program.Result result = run("generate", "fox", "--together", count);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("together must be between 1 and 64");
  }

  @Test
  void patterns_place_number_and_seed() {
    succeed(
        "generate",
        "fox",
        "-n",
        2,
        "--seed",
        7,
        "--size",
        "32x32",
        "-o",
        file("{seed}-{n}.png"),
        "--save-tokens",
        file("t{n}.json"));
    assertThat(files()).containsExactly("7-1.png", "8-2.png", "t1.json", "t2.json");
  }

  @Test
  void the_same_seed_gives_the_same_bytes_and_replaces_the_file() throws IOException {
    Object[] args = {"generate", "fox", "--seed", 7, "--size", "64x32", "-o", file("fox.png")};
    succeed(args);
    byte[] first = Files.readAllBytes(file("fox.png"));
    Files.writeString(file("fox.png"), "something else");
    succeed(args);
    assertThat(Files.readAllBytes(file("fox.png"))).isEqualTo(first);
    assertThat(files()).containsExactly("fox.png");
  }

  @Test
  void a_chosen_seed_is_told_and_recorded() {
    Program.Result result = succeed("generate", "fox", "--size", "32x32", "-o", file("{seed}.png"));
    assertThat(files()).containsExactly("4242.png");
    assertThat(result.err()).contains("seed 4242");
    assertThat(ImageFiles.readText(file("4242.png"))).containsEntry("seed", "4242");
  }

  @Test
  void quiet_says_nothing() {
    assertThat(succeed("generate", "fox", "--size", "32x32", "-q", "-o", file("a.png")).err())
        .isEmpty();
  }

  @Test
  void json_holds_request_files_seed_and_figures() {
    Program.Result result =
        succeed(
            "generate",
            "狐狸",
            "--json",
            "-n",
            2,
            "--seed",
            7,
            "--size",
            "64x32",
            "-o",
            file("fox.png"),
            "--save-tokens",
            file("fox.json"));
    JsonNode report = json(result.out());
    assertThat(report.path("request").path("prompt").asText()).isEqualTo("狐狸");
    assertThat(report.path("request").path("width").asInt()).isEqualTo(64);
    assertThat(report.path("schema_version").asInt()).isEqualTo(1);
    assertThat(report.path("request").path("seed").asLong()).isEqualTo(7);
    assertThat(report.path("files").path(1).asText()).isEqualTo(file("fox-2.png").toString());
    JsonNode second = report.path("pictures").path(1);
    assertThat(second.path("seed").asLong()).isEqualTo(8);
    assertThat(second.path("tokens").asText()).isEqualTo(file("fox-2.json").toString());
    assertThat(second.path("complete").asBoolean()).isTrue();
    assertThat(second.path("rows").asInt()).isEqualTo(4);
    assertThat(second.path("stats").path("generated_tokens").asLong()).isEqualTo(36);
    assertThat(second.path("tokens_per_second").asDouble()).isEqualTo(9);
    assertThat(second.path("codes_per_pass").asDouble()).isEqualTo(1);
    assertThat(second.path("stats").path("passes_by_codes").toString()).isEqualTo("[0,8]");
    assertThat(second.path("stats").has("codes_per_pass")).isFalse();
    assertThat(report.path("stats").path("generated_tokens").asLong()).isEqualTo(72);
    assertThat(report.has("error")).isFalse();
  }

  @Test
  void the_request_in_a_picture_names_files_without_their_folders() {
    succeed("generate", "fox", "--size", "32x32", "-o", file("a.png"));
    String request = ImageFiles.readText(file("a.png")).get("lumina4j");
    assertThat(request).contains("\"model\":\"model\"").doesNotContain(folder.toString());
  }

  @Test
  void what_is_made_before_a_failure_stays_and_is_reported() {
    backend.beforePicture =
        number -> {
          if (number == 2) {
            backend.failure = LuminaException.of(ErrorCode.INCOMPLETE, "3 of 4 rows exist");
          }
        };
    Program.Result result =
        run("generate", "fox", "-n", 3, "--json", "--size", "32x32", "-o", file("fox.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).endsWith("lumina: 3 of 4 rows exist\n");
    assertThat(files()).containsExactly("fox-1.png");
    JsonNode report = json(result.out());
    assertThat(report.path("files")).hasSize(1);
    assertThat(report.path("error").path("code").asText()).isEqualTo("incomplete");
    assertThat(report.path("error").path("exit_code").asInt()).isEqualTo(1);
    assertThat(backend.closed).isEqualTo(1);
  }

  @Test
  void cancelling_stops_the_picture_and_leaves_no_file() {
    backend.beforePicture =
        number -> {
          if (number == 2) {
            program.cancellation.cancel();
          }
        };
    Program.Result result =
        run("generate", "fox", "-n", 3, "--size", "32x32", "-o", file("fox.png"));
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err()).endsWith("lumina: cancelled\n");
    assertThat(result.out()).isEqualTo(file("fox-1.png") + "\n");
    assertThat(files()).containsExactly("fox-1.png");
    assertThat(backend.closed).isEqualTo(1);
  }

  @Test
  void cancelling_between_two_pictures_keeps_the_first() {
    backend.afterPicture = number -> program.cancellation.cancel();
    assertThat(run("generate", "x", "-n", 2, "--size", "32x32", "-o", file("a.png")).code())
        .isEqualTo(130);
    assertThat(files()).containsExactly("a-1.png");
    assertThat(backend.requests).hasSize(1);
  }

  @Test
  void cancelling_before_the_start_loads_nothing() {
    program.cancellation.cancel();
    assertThat(run("generate", "fox").code()).isEqualTo(130);
    assertThat(backend.opened).isEmpty();
  }

  @Test
  void a_partial_picture_is_kept_whole_and_marked() {
    backend.missingRows = 3;
    Program.Result result =
        succeed(
            "generate",
            "fox",
            "--allow-partial",
            "--size",
            "32x64",
            "--json",
            "-o",
            file("a.png"),
            "--save-tokens",
            file("a.json"));
    RgbImage picture = ImageFiles.read(file("a.png"));
    assertThat(picture.height()).isEqualTo(40);
    assertThat(json(result.out()).path("pictures").path(0).path("complete").asBoolean()).isFalse();
    assertThat(result.err()).contains("only 5 rows exist");
    assertThat(TokenFile.read(file("a.json")).complete()).isFalse();
    assertThat(TokenFile.read(file("a.json")).rows()).isEqualTo(5);
  }

  @Test
  void a_recipe_is_written_once_and_used() {
    String[] args = {
      "generate", "fox", "--model", "recipe:tiny", "--size", "32x32", "-o", file("a.png").toString()
    };
    Program.Result first = succeed((Object[]) args);
    assertThat(first.err()).contains("recipe:tiny", "noise", "writing ");
    Path made = file("cache").resolve("recipes").resolve("tiny-" + Version.NUMBER);
    assertThat(backend.opened.get(0).model()).contains(made);
    assertThat(backend.lastRecipe.preset()).isEqualTo("tiny");
    Program.Result second = succeed((Object[]) args);
    assertThat(second.err()).contains("noise").doesNotContain("writing ");
    assertThat(backend.recipes).hasSize(1);
    assertThat(made.getParent().toFile().list()).containsExactly(made.getFileName().toString());
    assertThat(
            succeed(
                    "generate",
                    "x",
                    "-q",
                    "--model",
                    "recipe:tiny",
                    "--size",
                    "32x32",
                    "-o",
                    file("a.png"))
                .err())
        .isEmpty();
  }

  @Test
  void a_recipe_that_fails_leaves_nothing_behind() {
    backend.failure = LuminaException.of(ErrorCode.IO, "disk full");
    refuse(1, "disk full", "generate", "fox", "-q", "--model", "recipe:tiny");
    assertThat(file("cache").resolve("recipes").toFile().list()).isEmpty();
  }

  @Test
  void recipes_lie_in_the_users_cache_folder() {
    program.variables.remove("LUMINA_CACHE");
    program.variables.put("XDG_CACHE_HOME", file("xdg").toString());
    succeed("generate", "x", "--model", "recipe:tiny", "--size", "32x32", "-o", file("a.png"));
    assertThat(backend.opened.get(0).model())
        .contains(file("xdg").resolve("lumina4j/recipes/tiny-" + Version.NUMBER));
  }

  @Test
  void progress_goes_to_standard_error_only() {
    Program.Result result = succeed("generate", "fox", "--size", "32x64", "-o", file("a.png"));
    List<String> lines = result.err().lines().toList();
    assertThat(lines.get(0)).startsWith("loading ");
    assertThat(lines).contains("picture: reading the prompt", "picture: decoding the picture");
    assertThat(result.err()).contains("picture: row 4 of 8, 5.0 tokens/s, 4.0 s left");
  }
}

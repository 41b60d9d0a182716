package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type, and what is understood. */
class CommandLineTest extends CommandTest {
  private GenerationRequest drawn(Object... args) {
    Object[] all =
        Stream.concat(Stream.of(args[0], "--output", file("out.png")), Stream.of(args).skip(1))
            .toArray();
    succeed(all);
    return backend.requests.get(backend.requests.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-night scene", "-n", "--size", "--", "-", "--size=64x64", "", "a=b"})
  void a_prompt_by_option_may_look_like_anything(String prompt) {
    if (!prompt.isEmpty() && !prompt.equals("-")) {
      assertThat(drawn("generate", "--prompt=" + prompt).prompt()).isEqualTo(prompt);
      assertThat(drawn("generate", "--prompt", prompt).prompt()).isEqualTo(prompt);
      assertThat(drawn("generate", "-p", prompt).prompt()).isEqualTo(prompt);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a red circle", "-night scene", "-- a dash", "--no text, a circle"})
  void a_prompt_as_an_argument_may_begin_with_a_dash(String prompt) {
    assertThat(drawn("generate", prompt, "--seed", 3).prompt()).isEqualTo(prompt);
    assertThat(drawn("generate", "--seed", 3, "--", prompt).prompt()).isEqualTo(prompt);
    Path input = picture("in.png", 64, 64);
    assertThat(drawn("edit", input, prompt).prompt()).isEqualTo(prompt);
  }

  @Test
  void values_stay_with_their_options() {
    assertThat(drawn("generate", "-pa red fox", "-n1").prompt()).isEqualTo("a red fox");
    assertThat(drawn("generate", "--", "-n").prompt()).isEqualTo("-n");
    assertThat(drawn("generate", "fox", "--speculate").decoding().mode())
        .isEqualTo(DecodingOptions.Mode.MC);
    assertThat(drawn("generate", "--speculate", "fox").prompt()).isEqualTo("fox");
    assertThat(drawn("generate", "--speculate", "gum", "fox").decoding().mode())
        .isEqualTo(DecodingOptions.Mode.GUM);
    backend.opened.clear();
    refuse(2, "--seed needs a value: --seed N (got the option '-n')", "generate", "--seed", "-n");
    refuse(2, "--seed needs a value: --seed N (see", "generate", "fox", "--seed");
    refuse(2, "--output needs a value", "generate", "fox", "-q", "--output", "--seed=3");
  }

  @Test
  void a_line_of_a_batch_takes_any_text() throws IOException {
    List<String> prompts =
        List.of("-night scene with a red circle", "--size", "-n", "--", "-p x", "@file", "a=b");
    StringBuilder lines = new StringBuilder();
    prompts.forEach(p -> lines.append("{\"prompt\": \"" + p + "\", \"size\": \"64x64\"}\n"));
    lines.append("{\"prompt\": \"x\", \"guidance_scale\": 3, \"template\": \"--{prompt}\"}\n");
    Files.writeString(file("lines.jsonl"), lines);
    succeed("batch", file("lines.jsonl"), "-o", file("out"), "--top-k", 7);
    assertThat(backend.requests).hasSize(prompts.size() + 1);
    assertThat(backend.requests.subList(0, prompts.size()))
        .extracting(GenerationRequest::prompt)
        .isEqualTo(prompts);
    assertThat(backend.requests).allMatch(request -> request.sampling().imageTopK() == 7);
    GenerationRequest last = backend.requests.get(prompts.size());
    assertThat(last.task().template()).isEqualTo("--{prompt}");
    assertThat(last.sampling().guidanceScale()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"seed\": \"abc\" | field 'seed' must be a whole number from 0 to",
        "\"cfg\": \"7,5\" | field 'cfg' must be a number with a decimal point: 7.5",
        "\"top_k\": 4.5 | field 'top_k' must be a whole number (got '4.5')",
        "\"allow_partial\": \"maybe\" | field 'allow_partial' must be true or false",
        "\"steps\": 20 | there is no field 'steps' here: this model has no steps",
        "\"quant\": true | unknown field 'quant'",
        "\"colour\": 1 | unknown field 'colour'",
        "\"sampling\": \"free\" | field 'sampling' must be forced or reference",
      })
  void a_bad_field_is_named_as_it_is_written(String field, String message) throws IOException {
    Files.writeString(file("lines.jsonl"), "{\"prompt\": \"fox\", " + field + "}\n");
    refuse(2, "line 1: " + message, "batch", file("lines.jsonl"), "-o", file("out"));
  }

  @Test
  void seeds_of_other_programs_are_taken_and_read_back() {
    GenerationRequest request = drawn("generate", "fox", "--seed", "18446744073709551615");
    assertThat(request.sampling().seed()).isEqualTo(-1);
    String inspected = succeed("inspect", file("out.png")).out();
    assertThat(inspected).contains("18446744073709551615");
    assertThat(
            json(succeed("inspect", file("out.png"), "--json").out()).at("/request/seed").asText())
        .isEqualTo("18446744073709551615");
    assertThat(drawn("generate", "fox", "--seed", "-2").sampling().seed()).isEqualTo(-2);
    succeed("generate", "fox", "--seed", "-2", "-n", 2, "-o", file("f-{seed}.png"));
    assertThat(files()).contains("f-18446744073709551614.png", "f-18446744073709551615.png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "random"})
  void a_random_seed_is_chosen_and_told(String seed) throws IOException {
    assertThat(drawn("generate", "fox", "--seed", seed).sampling().seed())
        .isEqualTo(Program.CHOSEN_SEED);
    assertThat(succeed("generate", "fox", "--seed=" + seed, "-o", file("o.png")).err())
        .contains("seed " + Program.CHOSEN_SEED);
    // A line keeps its own, so that the batch given again finds its pictures.
    String value = seed.equals("-1") ? seed : "\"" + seed + "\"";
    Files.writeString(file("lines.jsonl"), "{\"prompt\": \"fox\", \"seed\": " + value + "}\n");
    succeed("batch", file("lines.jsonl"), "-o", file("out"));
    assertThat(succeed("batch", file("lines.jsonl"), "-o", file("out")).err())
        .contains("1 of 1 pictures are there already");
    backend.opened.clear();
    refuse(
        2,
        "--seed must be a number here, not random",
        "batch",
        file("lines.jsonl"),
        "-o",
        file("out"),
        "--seed",
        seed);
  }

  @Test
  void options_of_other_programs_are_understood() {
    GenerationRequest request =
        drawn(
            "generate",
            "fox",
            "--width",
            64,
            "--height=128",
            "--cfg-scale",
            3,
            "--top_k",
            9,
            "--temp=0.5",
            "--speculative_jacobi",
            "-s",
            5);
    assertThat(request.size()).isEqualTo(new ImageSize(64, 128));
    assertThat(request.sampling().guidanceScale()).isEqualTo(3);
    assertThat(request.sampling().imageTopK()).isEqualTo(9);
    assertThat(request.sampling().temperature()).isEqualTo(0.5);
    assertThat(request.sampling().seed()).isEqualTo(5);
    assertThat(request.decoding().mode()).isEqualTo(DecodingOptions.Mode.MC);
    Path input = picture("in.png", 64, 64);
    GenerationRequest edit =
        drawn(
            "edit",
            "--task",
            "i2i",
            "--i2i_task",
            "depth",
            "--image_path",
            input,
            "--image_prompt",
            "a castle",
            "--cfg",
            4);
    assertThat(edit.task().name()).isEqualTo("i2i-depth");
    assertThat(edit.prompt()).isEqualTo("a castle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps | this model has no steps",
        "--num_inference_steps | this model has no steps",
        "--sampler | this model has no samplers",
        "--negative-prompt | this model takes no negative prompt",
        "--lora_scale | the scale follows the adapter: --lora PATH:0.8",
        "--image_path | a given picture is an argument of 'lumina edit'",
        "--width | --width needs --height as well",
        "--height | --height needs --width as well",
      })
  void what_is_not_here_gets_an_answer(String option, String answer) {
    refuse(2, answer, "generate", "fox", option, "20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"depth", "canny", "hed", "openpose"})
  void a_task_of_the_reference_follows_from_what_is_given(String word) throws IOException {
    Path input = picture("in.png", 64, 64);
    assertThat(drawn("generate", "fox", "--task", word).task().name()).isEqualTo("pair-" + word);
    assertThat(drawn("edit", input, "a fox", "--task", word).task().name())
        .isEqualTo("i2i-" + word);
    Files.writeString(
        file("lines.jsonl"),
        "{\"prompt\": \"fox\", \"task\": \"%1$s\"}\n{\"prompt\": \"fox\", \"task\": \"%1$s\", \"image\": \"in.png\"}\n"
            .formatted(word));
    backend.requests.clear();
    succeed("batch", file("lines.jsonl"), "-o", file("out"));
    assertThat(backend.requests)
        .extracting(request -> request.task().name())
        .containsExactly("pair-" + word, "i2i-" + word);
    backend.opened.clear();
    refuse(
        2,
        "use 'lumina generate', or with the picture i2i-" + word + " or dense-" + word,
        "edit",
        input,
        "a fox",
        "--task",
        "pair-" + word);
  }

  @Test
  void a_prompt_without_a_command_is_recognised() {
    refuse(2, "did you mean: lumina generate \"a red circle\" (see", "a red circle");
    refuse(2, "did you mean: lumina generate \"a red circle\" -n 2", "a", "red", "circle", "-n", 2);
    refuse(2, "did you mean: lumina generate \"50\\$ \\\"off\\\"\"", "50$ \"off\"");
    Path input = picture("in.png", 64, 64);
    refuse(2, "did you mean: lumina edit " + input, input, "make it night");
  }

  @Test
  void commands_go_by_their_other_names_too() {
    assertThat(drawn("run", "a fox").prompt()).isEqualTo("a fox");
    assertThat(succeed("show", file("out.png")).out()).contains("a fox");
    assertThat(succeed("help", "ls").out()).startsWith("Usage: lumina list");
  }
}

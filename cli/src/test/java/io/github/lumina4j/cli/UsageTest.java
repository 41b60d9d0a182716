package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before a model is loaded, and how. */
class UsageTest extends CommandTest {
  @Test
  void an_unknown_command_gets_a_hint() {
    refuse(2, "unknown command 'generat'; similar: generate (see 'lumina --help')", "generat");
    refuse(2, "unknown command 'xyzzy.7' (see", "xyzzy.7");
    refuse(2, "unknown option '--seed'; options go behind the command", "--seed", 1);
  }

  @Test
  void an_unknown_option_gets_a_hint() {
    refuse(
        2,
        "unknown option '--sise'; similar: --size (see 'lumina generate --help')",
        "generate",
        "--sise",
        1);
    refuse(2, "unknown option '--seeed'; similar: --seed (see", "generate", "--seeed", 1);
    refuse(2, "unknown option '-seed'; similar: --seed", "generate", "-seed", 1);
    refuse(2, "unknown option '-prompt'; similar: --prompt", "generate", "-prompt", "fox");
    refuse(2, "put -- before a prompt that begins with a dash", "generate", "-fox");
  }

  @Test
  void an_option_given_twice_is_refused() {
    refuse(2, "--seed is given twice", "generate", "fox", "--seed", 1, "--seed", 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--size | 768 | is not WIDTHxHEIGHT",
        "--size | 0x32 | each side must be 1 to",
        "--size | 100x128 | multiples of 32; nearest: 96x128 or 128x128",
        "--cfg | much | --cfg must be a number (got 'much')",
        "--cfg | 7,5 | --cfg must be a number with a decimal point: 7.5 (got '7,5')",
        "--cfg | 1e999 | --cfg must be a number",
        "--top-k | 4.5 | --top-k must be a whole number (got '4.5')",
        "--top-k | 99999999999 | --top-k must be a whole number up to 2147483647",
        "-n | x | -n must be a whole number (got 'x')",
        "--count | x | --count must be a whole number (got 'x')",
        "--cfg | -1 | guidance scale must be between 0 and 1000 (got -1.0)",
        "--cfg | NaN | --cfg must be a number (got 'NaN')",
        "--cfg-schedule | fast | --cfg-schedule must be constant or reference (got 'fast')",
        "--top-k | 0 | top-k must be 1 or more, not 0",
        "--text-top-k | 0 | text top-k must be 1 or more",
        "--temperature | 0 | temperature must be between 0.001 and 1000",
        "--sampling | free | --sampling must be forced or reference (got 'free')",
        "--seed | x | --seed must be a whole number from 0 to 18446744073709551615, or -1 or",
        "--seed | 1.5 | --seed must be a whole number",
        "--seed | 18446744073709551616 | --seed must be a whole number",
        "--seed | -9223372036854775809 | --seed must be a whole number",
        "-n | 0 | -n must be 1 or more, not 0",
        "--dtype | fp8 | --dtype must be auto, fp32 or bf16 (got 'fp8')",
        "--image-dtype | auto | image precision must be fp32 or bf16",
        "--threads | -1 | threads must be 0",
        "--task | t3i | unknown task 't3i'; known: t2i,",
        "--task | edit | task edit needs a given picture: use 'lumina edit'",
        "--template | A picture. | {prompt} is missing",
        "--template | {prompt} {colour} | unknown placeholder {colour}",
        "--output | fox.gif | its extension is not one of .png, .jpg, .jpeg",
        "--output | fox.webp | its extension is not one of .png, .jpg, .jpeg",
        "--model | recipe:huge | unknown recipe 'huge'; known: tiny, small, 2b, 7b",
      })
  void a_value_out_of_its_range_is_wrong_usage(String option, String value, String message) {
    refuse(2, message, "generate", "fox", option, value);
  }

  @Test
  void a_pair_needs_two_panels_of_equal_size() {
    refuse(
        2,
        "the height of 64; nearest: 128x192 or 128x256",
        "generate",
        "fox",
        "--task",
        "pair-depth",
        "--size",
        "128x224");
  }

  @Test
  void what_runs_on_the_processor_alone_says_so() {
    refuse(2, "bench measures the processor", "bench", "--recipe", "tiny", "--device", "cuda");
  }

  @Test
  void without_a_model_and_without_the_demo_model_it_says_what_is_missing() {
    program.variables.remove("LUMINA_MODEL");
    backend.failure = new CheckpointException("no demo model on the class path");
    refuse(3, "no demo model on the class path", "generate", "fox", "-q");
  }

  @Test
  void a_model_that_is_not_there_is_an_unusable_checkpoint() {
    refuse(3, "no such folder", "generate", "fox", "--model", file("nothing"));
  }

  @Test
  void a_folder_without_a_configuration_is_an_unusable_checkpoint() {
    refuse(3, "no config.json", "generate", "fox", "--model", folder);
  }

  @Test
  void a_folder_without_an_image_tokenizer_is_an_unusable_checkpoint() throws IOException {
    Files.delete(model().resolve("movqgan.safetensors"));
    Program.Result result = run("generate", "fox");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("--image-tokenizer FILE");
  }

  @Test
  void an_image_tokenizer_that_is_not_there_is_an_unusable_checkpoint() {
    refuse(3, "no such file", "generate", "fox", "--image-tokenizer", file("vq.ckpt"));
    refuse(3, "no such file", "reconstruct", picture("a.png", 8, 8), "--image-tokenizer", "x.ckpt");
  }

  @Test
  void a_missing_output_folder_is_refused_before_any_work() {
    refuse(1, "does not exist", "generate", "fox", "-o", file("none/fox.png"));
    refuse(
        1,
        "does not exist",
        "generate",
        "fox",
        "-o",
        file("a.png"),
        "--save-tokens",
        file("none/fox.json"));
    assertThat(files()).isEmpty();
  }

  @Test
  void a_folder_in_the_place_of_the_output_is_refused() throws IOException {
    Files.createDirectory(file("fox.png"));
    refuse(1, "fox.png", "generate", "fox", "-o", file("fox.png"));
  }

  @Test
  void two_results_cannot_share_a_file() {
    Path file = file("fox.png");
    refuse(2, "would be written twice", "generate", "fox", "-o", file, "--save-tokens", file);
  }

  @Test
  void an_unreadable_input_picture_is_refused_before_any_work() throws IOException {
    refuse(1, "there is no such file", "edit", file("none.png"), "make it night");
    Files.writeString(file("text.png"), "no picture");
    refuse(1, "text.png", "edit", file("text.png"), "make it night");
    refuse(1, "text.png", "reconstruct", file("text.png"));
  }

  @Test
  void what_a_task_needs_must_be_given() {
    Path input = picture("a.png", 64, 64);
    refuse(2, "no prompt given", "generate");
    refuse(2, "needs a prompt", "generate", "  ");
    refuse(2, "no prompt given", "edit", input);
    refuse(2, "needs a description", "edit", input, "x", "--task", "subject");
    refuse(2, "takes no description", "edit", input, "--task", "dense-depth", "--description", "x");
    refuse(2, "takes no given picture: use 'lumina generate'", "edit", input, "x", "--task", "t2i");
    refuse(2, "INPUT", "edit");
  }

  @Test
  void a_prompt_is_given_once() {
    refuse(2, "more than once: PROMPT, --prompt", "generate", "fox", "-p", "hare");
    refuse(
        2, "more than once: --prompt, --prompt-file", "generate", "-p", "x", "--prompt-file", "-");
  }

  @Test
  void a_prompt_in_several_arguments_is_refused() {
    refuse(
        2,
        "put the prompt in quotes: lumina generate \"a red fox\" (see",
        "generate",
        "a",
        "red",
        "fox",
        "--seed",
        1);
    refuse(2, "one prompt at a time, not 2", "generate", "a fox", "a hare");
    Path input = picture("in.png", 64, 64);
    refuse(
        2, "lumina edit \"" + input + "\" \"make it night\"", "edit", input, "make", "it", "night");
    refuse(2, "did you mean: lumina edit " + input, "generate", input, "make it night");
    refuse(2, "too many arguments: \"b\"", "reconstruct", input, "b");
  }

  @Test
  void bench_refuses_figures_that_mean_nothing() {
    refuse(2, "give one", "bench", "--model", model(), "--recipe", "tiny");
    refuse(2, "unknown recipe 'x'", "bench", "--recipe", "x");
    refuse(2, "--steps", "bench", "--steps", 0);
    refuse(2, "--cache-lengths", "bench", "--cache-lengths", "64,0");
    refuse(2, "--windows", "bench", "--windows", "8,0");
    refuse(2, "--image-sides", "bench", "--image-sides", "100");
  }

  @Test
  void recipe_refuses_what_it_cannot_make() {
    refuse(2, "unknown recipe 'big'", "recipe", file("m"), "--preset", "big");
    refuse(2, "--dtype must be bf16 or fp32", "recipe", file("m"), "--dtype", "auto");
    refuse(2, "--layers must be 0 or more", "recipe", file("m"), "--layers", -1);
  }

  @Test
  void a_token_file_of_another_kind_is_refused() throws IOException {
    Path tokens = file("t.json");
    refuse(1, "there is no such file", "decode", tokens);
    for (String text :
        new String[] {
          "",
          "[]",
          "null",
          "{",
          "{\"format\":\"other\"}",
          "{\"format\":\"lumina4j-tokens-1\",\"panel\":\"whole\",\"rows\":1,\"columns\":1}",
          tokens(2, 2, "1,2,3", "whole"),
          tokens(1, 2, "1,-2", "whole"),
          tokens(1, 2, "1,2.5", "whole"),
          tokens(1, 2, "1,99999999999", "whole"),
          tokens(0, 0, "", "whole"),
          tokens(65536, 65536, "", "whole"),
          tokens(1, 1, "1", "left"),
          tokens(1, 1, "1", "whole") + "x",
        }) {
      Files.writeString(tokens, text);
      refuse(1, "t.json: not a token file: ", "decode", tokens);
    }
    Files.write(tokens, new byte[] {(byte) 0xff, (byte) 0xfe});
    refuse(1, "it is not UTF-8", "decode", tokens);
    refuse(1, "it is a folder", "decode", folder);
  }

  private static String tokens(int rows, int columns, String codes, String panel) {
    return String.format(
        "{\"format\":\"lumina4j-tokens-1\",\"rows\":%d,\"columns\":%d,\"panel\":\"%s\","
            + "\"complete\":true,\"codes\":[%s]}",
        rows, columns, panel, codes);
  }
}

package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationDefaultsTest {
  @TempDir Path folder;

  private GenerationDefaults read(String text) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), text);
    return GenerationDefaults.read(folder);
  }

  @Test
  void every_value_is_read() throws IOException {
    GenerationDefaults defaults =
        read(
            "{\"width\":96,\"height\":64,\"guidance_scale\":3,\"image_top_k\":200,"
                + "\"temperature\":0.9}");
    assertThat(defaults).isEqualTo(new GenerationDefaults(96, 64, 3.0, 200, 0.9));
    assertThat(defaults.size(1)).contains(new ImageSize(96, 64));
    assertThat(defaults.size(2)).contains(new ImageSize(96, 128));
  }

  @Test
  void what_is_not_there_is_left_to_the_library() throws IOException {
    assertThat(GenerationDefaults.read(folder)).isEqualTo(GenerationDefaults.NONE);
    // As the released checkpoints have it.
    GenerationDefaults released =
        read("{\"_from_model_config\":true,\"bos_token_id\":1,\"eos_token_id\":2}");
    assertThat(released).isEqualTo(GenerationDefaults.NONE);
    assertThat(released.size(1)).isEmpty();
    assertThat(read("{\"temperature\":0.5,\"width\":null}"))
        .isEqualTo(new GenerationDefaults(null, null, null, null, 0.5));
  }

  @Test
  void what_transformers_write_for_greedy_decoding_is_read() throws IOException {
    assertThat(read("{\"do_sample\":false,\"temperature\":0.0,\"top_p\":NaN}"))
        .isEqualTo(GenerationDefaults.NONE);
    assertThat(read("{\"do_sample\":true,\"temperature\":0.7}"))
        .isEqualTo(new GenerationDefaults(null, null, null, null, 0.7));
    assertThatThrownBy(() -> read("{\"temperature\":NaN}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("temperature");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"width\":96} | width and height belong together",
        "{\"height\":96} | width and height belong together",
        "{\"width\":100,\"height\":96} | size 100x96: both sides must be multiples of 32",
        "{\"width\":0,\"height\":96} | each side must be 1 to",
        "{\"width\":96.5,\"height\":96} | width must be a whole number",
        "{\"width\":\"96\",\"height\":96} | width must be a whole number",
        "{\"width\":9999999999,\"height\":96} | out of range",
        "{\"guidance_scale\":-1} | guidance scale must be between 0 and 1000",
        "{\"guidance_scale\":\"3\"} | guidance_scale must be a number",
        "{\"guidance_scale\":true} | guidance_scale must be a number",
        "{\"image_top_k\":0} | top-k must be 1 or more",
        "{\"temperature\":0} | temperature must be between 0.001 and 1000",
        "{\"temperature\":1e999} | temperature must be between 0.001 and 1000",
        "{\"temperature\":NaN} | NaN",
        "{\"temperature\":1 | end-of-input",
        "{} {} | not a JSON object",
        "[] | not a JSON object",
        "null | not a JSON object",
        "7 | not a JSON object",
        "'' | not a JSON object",
      })
  void what_cannot_be_used_is_refused_by_name(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(folder.resolve("generation_config.json") + ": ")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
  }

  @Test
  void a_folder_in_its_place_is_refused() throws IOException {
    Files.createDirectory(folder.resolve("generation_config.json"));
    assertThatThrownBy(() -> GenerationDefaults.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cannot be read");
  }
}

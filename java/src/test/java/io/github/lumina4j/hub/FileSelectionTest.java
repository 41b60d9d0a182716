package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSelectionTest {
  private static final FileSelection USUAL = new FileSelection(List.of(), List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "model-00001-of-00004.safetensors",
        "model.safetensors.index.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "merges.txt",
        "movqgan_270M.ckpt",
        "movqgan/270M/movqgan_270M.ckpt",
        "movqgan.safetensors",
        "adapter_model.safetensors",
      })
  void what_a_checkpoint_needs_is_fetched(String path) {
    assertThat(USUAL.wants(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        ".gitattributes",
        "pytorch_model.bin",
        "optimizer.pt",
        "step-100/model.safetensors",
        "assets/config.json",
        "movqgan.png",
        "notes.txt",
        "model.ckpt",
      })
  void the_rest_is_not(String path) {
    assertThat(USUAL.wants(path)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "*.json, a/b/config.json, true",
    "*.json, config.jsonl, false",
    "model-0000[12]-*, model-00002-of-4, true",
    "model-0000[!12]-*, model-00002-of-4, false",
    "model-0000[1-3]-*, model-00003-of-4, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "a.c, abc, false",
    "movqgan/, movqgan/270M/x, true",
    "[x, [x, true",
    "[]x], ], true",
    "[a&&b], &, true",
    "(a|b), a, false",
    "CONFIG.json, config.json, false",
  })
  void patterns_are_those_of_the_shell(String pattern, String path, boolean matches) {
    assertThat(new FileSelection(List.of(pattern), List.of()).wants(path)).isEqualTo(matches);
    assertThat(new FileSelection(List.of("*"), List.of(pattern)).wants(path)).isEqualTo(!matches);
  }

  @Test
  void a_pattern_that_is_none_is_refused() {
    assertThatThrownBy(() -> new FileSelection(List.of("[z-a]"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'[z-a]' is not a pattern: ");
  }
}

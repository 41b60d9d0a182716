package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words of a user that would be read as control tokens. */
class ControlTokensTest {
  private static final ControlTokens TOKENS =
      new ControlTokens(SmallTokenizer.releasedTokens().keySet());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|image|>",
        "<reserved08706>",
        "<reserved08824>",
        "<racm3:break>",
        "<eoss>",
        "<|im_end|>",
        "<|endoftext|>",
        "<MOVQGAN16383>"
      })
  void everyKindIsRefused(String token) {
    assertThatThrownBy(() -> TOKENS.check("prompt", token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt: control token " + token + " at character 1 is not allowed");
    assertThatThrownBy(() -> TOKENS.check("description", "猫🐈<" + token + "x"))
        .hasMessage("description: control token " + token + " at character 4 is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a < b > c",
        "<upper half>",
        "<reserved0870>",
        "<|image|",
        "< |image|>",
        "<MOVQGAN16384>",
        "<<<<<<",
        "<|IMAGE|>"
      })
  void whatOnlyLooksLikeOneIsAllowed(String text) {
    assertThatCode(() -> TOKENS.check("prompt", text)).doesNotThrowAnyException();
  }

  @Test
  void tokensMadeTogetherWithTheWordingAreRefused() {
    // The wording of the task is: ... displays a <{description}>, while ...
    var filled = Tasks.byName("subject").fill(512, 1024, "P", "racm3:break");
    assertThatThrownBy(() -> TOKENS.check(filled))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "description: together with the template's wording it makes the control token"
                + " <racm3:break>, which is not allowed");
    var before = Tasks.byName("t2i").withTemplate("<|im{prompt}").fill(32, 32, "age|> cat", null);
    assertThatThrownBy(() -> TOKENS.check(before)).hasMessageContaining("<|image|>");
    var after = Tasks.byName("t2i").withTemplate("{prompt}oss>").fill(32, 32, "cat <e", null);
    assertThatThrownBy(() -> TOKENS.check(after)).hasMessageContaining("<eoss>");
    var across = Tasks.byName("t2i").withTemplate("<{prompt}>").fill(32, 32, "eoss", null);
    assertThatThrownBy(() -> TOKENS.check(across)).hasMessageContaining("<eoss>");
  }

  @Test
  void theWordingItselfMayHoldTokens() {
    List<String> names = new ArrayList<>(SmallTokenizer.releasedTokens().keySet());
    names.addAll(List.of("<upper half>", "<lower half>", "<depth map>"));
    ControlTokens tokens = new ControlTokens(names);
    var filled = Tasks.byName("i2i-depth").fill(512, 1024, "A cat.", null);
    assertThatCode(() -> tokens.check(filled)).doesNotThrowAnyException();
    assertThatThrownBy(() -> tokens.check("prompt", "the <upper half>"))
        .hasMessageContaining("<upper half>");
    // Directly beside the words, and no part of them.
    var beside =
        Tasks.byName("t2i").withTemplate("<|image|>{prompt}<eoss>").fill(32, 32, "P", null);
    assertThatCode(() -> tokens.check(beside)).doesNotThrowAnyException();
  }

  @Test
  void theLongestTokenIsNamed() {
    ControlTokens tokens = new ControlTokens(List.of("<a", "<a>b"));
    assertThatThrownBy(() -> tokens.check("prompt", "x<a>b"))
        .hasMessageContaining("control token <a>b at");
  }

  @Test
  void composedFormIsSearchedToo() {
    // U+1FEF is brought to a plain accent (U+0060) by the tokenizer's normalisation.
    ControlTokens tokens = new ControlTokens(List.of("<`>"));
    assertThatThrownBy(() -> tokens.check("prompt", "<\u1fef>")).hasMessageContaining("<`>");
  }

  @Test
  void longTextsAreSearchedToTheEnd() {
    String text = "<".repeat(100_000) + "<eoss>";
    assertThatThrownBy(() -> TOKENS.check("prompt", text))
        .hasMessageContaining("at character 100001 ");
    String clean = String.join("<", IntStream.range(0, 20_000).mapToObj(i -> "w" + i).toList());
    assertThatCode(() -> TOKENS.check("prompt", clean)).doesNotThrowAnyException();
  }
}

package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations as ids. */
class PromptBuilderTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static LuminaTokenizer tokenizer;
  private static PromptBuilder builder;

  @BeforeAll
  static void open() throws IOException {
    TokenizerFile file = TokenizerFile.read(TokenizerFixture.write(shared));
    tokenizer = LuminaTokenizer.open(file);
    builder = new PromptBuilder(tokenizer, SpecialTokens.of(file, TokenizerFixture.CODES));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void oneMessage() {
    FilledTemplate message =
        Tasks.byName("t2i").withTemplate("{w}x{h}:\n{prompt}").fill(64, 32, "A cat.", null);
    EncodedPrompt prompt = builder.build(message);
    assertThat(prompt.text()).isEqualTo("64x32:\nA cat.<reserved08706>");
    assertThat(prompt.ids()).containsExactly(262, 21, 19, 87, 18, 17, 259, 32, 258, 13, 266);
    assertThat(builder.text(List.of(message))).isEqualTo(prompt.text());
  }

  @Test
  void severalMessages() {
    EncodedPrompt prompt =
        builder.build(
            List.of(
                FilledTemplate.ofUserText("prompt", "A"),
                new FilledTemplate("<|image|>", List.of()),
                FilledTemplate.ofUserText("prompt", " cat\n")));
    assertThat(prompt.text())
        .isEqualTo("A<reserved08706><|image|><reserved08706> cat\n<reserved08706>");
    assertThat(prompt.ids()).containsExactly(262, 32, 266, 267, 266, 258, 198, 266);
  }

  @Test
  void everyBuiltInTask() {
    for (var task : Tasks.builtIn()) {
      String description = task.description().name().equals("REQUIRED") ? "a ball" : null;
      int[] ids = builder.build(task.fill(512, 1024, "A cat.", description)).ids();
      assertThat(ids[0]).as(task.name()).isEqualTo(262);
      assertThat(ids[ids.length - 1]).as(task.name()).isEqualTo(266);
      // Nothing else in a built-in sentence is a control token.
      for (int i = 1; i < ids.length - 1; i++) {
        assertThat(ids[i]).as(task.name()).isLessThan(260);
      }
    }
  }

  @Test
  void longPromptsAreWhole() {
    String prompt = String.join("", Collections.nCopies(3000, " cat"));
    assertThat(builder.build(FilledTemplate.ofUserText("prompt", prompt)).ids()).hasSize(3002);
  }

  @Test
  void controlTokensAreRefused() {
    FilledTemplate message = Tasks.byName("t2i").fill(64, 32, "A cat.<reserved08706>", null);
    assertThatThrownBy(() -> builder.build(message))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt: control token <reserved08706> at character 7 is not allowed");
    assertThatThrownBy(() -> builder.text(List.of(message)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTemplatesHalvesMayBeTokens() throws IOException {
    SmallTokenizer.write(folder, TokenizerFixture.MERGES, TokenizerFixture.tokens());
    TokenizerFixture.edit(
        folder,
        root ->
            ((ArrayNode) root.get("added_tokens"))
                .addObject()
                .put("id", 317)
                .put("content", "<upper half>")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", false));
    TokenizerFile file = TokenizerFile.read(folder);
    try (LuminaTokenizer other = LuminaTokenizer.open(file)) {
      PromptBuilder its = new PromptBuilder(other, SpecialTokens.of(file, TokenizerFixture.CODES));
      FilledTemplate message =
          Tasks.byName("t2i").withTemplate("<upper half>{prompt}").fill(32, 32, " cat", null);
      assertThat(its.build(message).ids()).containsExactly(262, 317, 258, 266);
      assertThat(builder.build(message).ids()).hasSize(15); // as plain text
    }
  }

  @Test
  void idsThatTheTokenizerReadsOtherwiseAreRefused() throws IOException {
    TokenizerFixture.write(folder);
    // The last grid token says an id that its place in the file does not give it.
    TokenizerFixture.edit(
        folder,
        root -> {
          for (var entry : root.get("added_tokens")) {
            if (entry.get("content").textValue().equals("<reserved08832>")) {
              ((ObjectNode) entry).put("id", 5000);
            }
          }
        });
    TokenizerFile file = TokenizerFile.read(folder);
    SpecialTokens special = SpecialTokens.of(file, TokenizerFixture.CODES);
    try (LuminaTokenizer other = LuminaTokenizer.open(file)) {
      assertThatThrownBy(() -> new PromptBuilder(other, special))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              file.path()
                  + ": token <reserved08832> has the id 5000 in the file, but the tokenizer reads"
                  + " it as [300]");
    }
  }

  @Test
  void anEncodedPromptIsAValue() {
    EncodedPrompt one = new EncodedPrompt("x", new int[] {1, 2});
    int[] ids = one.ids();
    ids[0] = 9;
    assertThat(one.ids()).containsExactly(1, 2);
    assertThat(one).isEqualTo(new EncodedPrompt("x", new int[] {1, 2}));
    assertThat(one).isNotEqualTo(new EncodedPrompt("x", new int[] {1, 3}));
    assertThat(one).hasToString("EncodedPrompt[2 tokens: x]");
  }
}

package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text to ids, against lists worked out by hand: printable ASCII c has the id c - 33. */
class LuminaTokenizerTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private static LuminaTokenizer tokenizer;

  @BeforeAll
  static void open() throws IOException {
    tokenizer = LuminaTokenizer.open(TokenizerFile.read(TokenizerFixture.write(shared)));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void mergesAndDigits() {
    assertThat(tokenizer.encode("A cat.")).containsExactly(32, 258, 13);
    assertThat(tokenizer.encode("at:\n12x")).containsExactly(257, 259, 16, 17, 87);
    assertThat(tokenizer.encode("")).isEmpty();
  }

  @Test
  void spacesAndNewlinesStay() {
    // The first of two spaces is a piece of its own; the second one goes with the word.
    assertThat(tokenizer.encode("  cat\n")).containsExactly(220, 258, 198);
    assertThat(tokenizer.encode("x  \r\n\n")).containsExactly(87, 220, 220, 201, 198, 198);
  }

  @Test
  void otherScriptsBecomeTheirBytes() {
    assertThat(tokenizer.encode("猫")).containsExactly(163, 234, 104);
    assertThat(tokenizer.encode("🐈")).containsExactly(172, 253, 238, 230);
    assertThat(tokenizer.encode("\0")).containsExactly(188);
  }

  @Test
  void textIsComposed() {
    assertThat(tokenizer.encode("e\u0301")).containsExactly(127, 102); // é
  }

  @Test
  void addedTokensAreFoundInText() {
    assertThat(tokenizer.encode("a<|image|>cat<reserved08706>"))
        .containsExactly(64, 267, 66, 257, 266);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "月光下的一只猫 🐈‍⬛🇩🇪, 2 cats  in  a row\n",
        "Ünïcödé ß ﬁ Ⅷ ١٢٣ นี่ 한국어 עברית",
        "tabs\tand\r\nnew lines\n\n\n"
      })
  void idsSpellTheText(String text) {
    String spelled = spell(tokenizer.encode(text));
    assertThat(spelled)
        .isEqualTo(java.text.Normalizer.normalize(text, java.text.Normalizer.Form.NFC));
  }

  @Test
  void longTextsAreNotCut() {
    int[] ids = tokenizer.encode(String.join("", Collections.nCopies(3000, " cat")));
    assertThat(ids).hasSize(3000).containsOnly(258);
  }

  @Test
  void neitherCutNorPaddedAsTheFileAsks() throws IOException {
    TokenizerFixture.write(folder);
    TokenizerFixture.edit(
        folder,
        root -> {
          root.putObject("truncation")
              .put("direction", "Right")
              .put("max_length", 4)
              .put("strategy", "LongestFirst")
              .put("stride", 0);
          ObjectNode padding = root.putObject("padding");
          padding.putObject("strategy").put("Fixed", 8);
          padding
              .put("direction", "Right")
              .putNull("pad_to_multiple_of")
              .put("pad_id", 260)
              .put("pad_type_id", 0)
              .put("pad_token", "<|endoftext|>");
        });
    try (LuminaTokenizer other = LuminaTokenizer.open(TokenizerFile.read(folder))) {
      assertThat(other.encode("A cat.")).containsExactly(32, 258, 13);
      assertThat(other.encode("abcdefgh")).containsExactly(64, 65, 66, 67, 68, 69, 70, 71);
    }
  }

  @Test
  void releasedIdsWithGapsKeepTheirPlaces() throws IOException {
    SmallTokenizer.write(folder, TokenizerFixture.MERGES, SmallTokenizer.releasedTokens());
    TokenizerFile file = TokenizerFile.read(folder);
    try (LuminaTokenizer other = LuminaTokenizer.open(file)) {
      assertThat(other.encode("A<racm3:break> cat<MOVQGAN16383><|image|><|im_end|>"))
          .containsExactly(32, 151665, 258, 171383, 171384, 151645);
      new PromptBuilder(other, SpecialTokens.of(file, 155000)); // checks all of them
    }
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> tokenizer.encode("🐈a\ud83d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("text: half of a surrogate pair at character 3");
    assertThatThrownBy(() -> tokenizer.encode("\udc08\ud83d")).hasMessageEndingWith("character 1");
  }

  @Test
  void namesAndIds() {
    assertThat(tokenizer.id("<eoss>")).hasValue(264);
    assertThat(tokenizer.id("Ġcat")).hasValue(258);
    assertThat(tokenizer.id("<nothing>")).isEmpty();
    assertThat(tokenizer.token(258)).isEqualTo("Ġcat");
    assertThat(tokenizer.token(266)).isEqualTo("<reserved08706>");
    for (int id : new int[] {-1, TokenizerFixture.CODES + 16, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> tokenizer.token(id))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no token has the id " + id);
    }
  }

  @Test
  void severalThreadsAtOnce() throws Exception {
    int[] expected = tokenizer.encode("A cat. 猫 12");
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> work =
          () -> {
            for (int i = 0; i < 500; i++) {
              if (!java.util.Arrays.equals(tokenizer.encode("A cat. 猫 12"), expected)) {
                return false;
              }
            }
            return true;
          };
      for (Future<Boolean> result : executor.invokeAll(Collections.nCopies(4, work))) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void closedTwiceThenRefused() {
    LuminaTokenizer other = LuminaTokenizer.open(tokenizer.file());
    other.close();
    other.close();
    assertThatThrownBy(() -> other.encode("x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer is closed");
  }

  @Test
  void noSettingOfTheLibraryChoosesADownload() {
    assertThat(System.getProperty("RUST_FLAVOR")).isNull();
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
  }

  // Each is well-formed for TokenizerFile, and no tokenizer.
  static List<Consumer<ObjectNode>> damages() {
    return List.of(
        root -> ((ObjectNode) root.get("model")).put("type", "Nonsense"),
        root -> ((ObjectNode) root.get("model")).remove("merges"),
        root -> ((ArrayNode) root.at("/model/merges")).add("zz qq"),
        root -> ((ArrayNode) root.at("/model/merges")).add("one"),
        root -> ((ArrayNode) root.at("/model/merges")).add(7),
        root -> ((ObjectNode) root.at("/pre_tokenizer/pretokenizers/0/pattern")).put("Regex", "(a"),
        root -> ((ObjectNode) root.get("normalizer")).put("type", "Nonsense"),
        root -> ((ObjectNode) root.at("/added_tokens/0")).put("lstrip", "yes"),
        root -> root.put("version", "9.0"));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void damagedFilesAreNamed(Consumer<ObjectNode> damage) throws IOException {
    TokenizerFixture.write(folder);
    TokenizerFixture.edit(folder, damage);
    TokenizerFile file = TokenizerFile.read(folder);
    assertThatThrownBy(() -> LuminaTokenizer.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.path() + ": not a tokenizer: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    TokenizerFile file = TokenizerFile.read(TokenizerFixture.write(folder));
    Files.delete(file.path());
    assertThatThrownBy(() -> LuminaTokenizer.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file.path() + ": no such file");
  }

  // Names of vocabulary entries back to bytes, then to text.
  private static String spell(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      for (char c : tokenizer.token(id).toCharArray()) {
        int b = c;
        if (c >= 256 && c <= 288) {
          b = c - 256;
        } else if (c > 288 && c < 323) {
          b = c - 289 + 127;
        } else if (c == 323) {
          b = 0xad;
        }
        bytes.write(b);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

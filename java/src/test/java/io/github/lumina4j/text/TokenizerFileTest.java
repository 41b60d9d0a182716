package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and ids from the two files, and all the ways they can be wrong. */
class TokenizerFileTest {
  @TempDir Path folder;
  private Path path;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    TokenizerFixture.write(folder);
    path = folder.resolve("tokenizer.json");
    config = folder.resolve("tokenizer_config.json");
  }

  @Test
  void namesAndIds() {
    TokenizerFile file = TokenizerFile.read(folder);
    assertThat(file.id("<racm3:break>")).hasValue(263);
    assertThat(file.id("!")).hasValue(0);
    assertThat(file.token(258)).isEqualTo("Ġcat");
    assertThat(file.addedTokens()).hasSize(8 + 33 + 16).contains("<MOVQGAN15>").doesNotContain("!");
    assertThat(file.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"bos_token\": \"<b>\", \"eos_token\": \"<e>\"} | <b>",
        "{\"bos_token\": {\"content\": \"<b>\", \"lstrip\": false}} | <b>",
        "{\"bos_token\": null, \"eos_token\": \"<e>\"} | <e>",
        "{\"eos_token\": {\"content\": \"<e>\"}, \"more\": [1]} | <e>"
      })
  void firstTokenOfASequence(String json, String expected) throws IOException {
    Files.writeString(config, json);
    assertThat(TokenizerFile.read(folder).bosToken()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | neither bos_token nor eos_token is given",
        "{\"bos_token\": null, \"eos_token\": null} | neither bos_token nor eos_token is given",
        "{\"bos_token\": 7} | bos_token is neither a text nor an object with a content",
        "{\"bos_token\": \"\"} | bos_token is neither a text nor an object with a content",
        "{\"eos_token\": {\"text\": \"x\"}} | eos_token is neither",
        "[] | not a tokenizer configuration",
        "`` | is empty",
        "{\"bos_token\": \"x\" | damaged JSON",
        "{\"bos_token\": \"x\"} x | damaged JSON",
        "{\"bos_token\": \"x\"} {} | damaged: text after the end",
        "{\"bos_token\": \"x\", \"bos_token\": \"y\"} | damaged JSON: Duplicate field"
      })
  void badConfigurationsAreNamed(String json, String message) throws IOException {
    Files.writeString(config, json);
    refused(config + ": " + message);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(config);
    refused(config + ": no such file");
    Files.delete(path);
    refused(path + ": no such file");
    assertThatThrownBy(() -> TokenizerFile.read(folder.resolve("nowhere")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("tokenizer.json: no such file");
  }

  @Test
  void thingsThatAreNoFiles() throws IOException {
    Files.delete(path);
    Files.createDirectory(path);
    refused(path + ": a folder, not a file");
    Files.delete(path);
    Files.createSymbolicLink(path, path);
    refused(path + ": cannot be read: ");
    Files.delete(path);
    Files.createSymbolicLink(path, Path.of("/dev/zero"));
    refused(path + ": not a regular file");
    Files.delete(path);
  }

  @Test
  void unreadableFilesAreNamed() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(path)).as("root may read everything").isFalse();
    refused(path + ": no permission to read it");
  }

  @Test
  void absurdlyLargeFilesAreNotRead() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength((256L << 20) + 1);
    }
    refused(path + ": 268435457 bytes are too many for a tokenizer");
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = Files.readString(path).strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length += 331) {
      Files.write(path, Arrays.copyOf(whole, length));
      refused(path + ": ");
    }
    Files.write(path, Arrays.copyOf(whole, whole.length - 1));
    refused(path + ": damaged JSON: ");
  }

  @Test
  void whatDownloadsLeaveInstead() throws IOException {
    Files.writeString(path, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n");
    refused(path + ": is a Git LFS pointer, not the file itself; fetch it with `git lfs pull` or");
    Files.writeString(path, "\n<!DOCTYPE html><html>");
    refused(path + ": is a web page (HTML), not the file itself");
    Files.writeString(path, "<?xml version=\"1.0\"?><Error/>");
    refused(path + ": is an XML document, not the file itself");
    Files.writeString(path, "");
    refused(path + ": is empty; fetch it again, for example with `lumina pull ORG/NAME`");
    Files.write(path, new byte[] {0x1f, (byte) 0x8b, 8});
    refused(path + ": is a gzip archive; unpack it first");
    Files.delete(path);
    Files.createSymbolicLink(path, Path.of("../../blobs/gone"));
    refused(path + ": is a link to a file that is not there");
  }

  @Test
  void textAfterTheEndIsNoticed() throws IOException {
    String json = Files.readString(path);
    Files.writeString(path, json + "{}");
    refused(path + ": not a tokenizer file: text after the end of the JSON object");
    Files.writeString(path, json + "x");
    refused(path + ": damaged JSON: ");
  }

  @Test
  void otherContentsAreNoTokenizer() throws IOException {
    for (String content : List.of("", "[]", "7", "null", "{} x", "PK\3\4", "{\"a\": 1} {}")) {
      Files.writeString(path, content);
      refused(path + ": ");
    }
    Files.write(path, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    refused(path + ": not a text in UTF-8");
    Files.writeString(path, "{\"a\": " + "[".repeat(100_000));
    refused(path + ": damaged JSON: ");
  }

  static List<Arguments> damages() {
    return List.of(
        damage("\"model\" is missing", root -> root.remove("model")),
        damage("\"model\" is no object", root -> root.put("model", "BPE")),
        damage("\"vocab\" is missing", root -> model(root).remove("vocab")),
        damage("\"vocab\" is no object", root -> model(root).putArray("vocab")),
        damage("the id of token a is not", root -> vocab(root).put("a", -1)),
        damage("the id of token a is not", root -> vocab(root).put("a", 1.5)),
        damage("the id of token a is not", root -> vocab(root).put("a", "64")),
        damage("the id of token a is not", root -> vocab(root).put("a", 1L << 40)),
        damage("the id of token a is not", root -> vocab(root).put("a", 1 << 24)),
        damage("the id of token a is not", root -> vocab(root).putArray("a")),
        damage("\"added_tokens\" is no array", root -> root.put("added_tokens", 1)),
        damage("an entry of \"added_tokens\" is no object", root -> added(root).add("x")),
        damage("has no content", root -> added(root).addObject().put("id", 400)),
        damage("has no content", root -> added(root).addObject().put("id", 400).put("content", 1)),
        damage("has no content", root -> added(root).addObject().put("id", 400).put("content", "")),
        damage("added token x has no id", root -> added(root).addObject().put("content", "x")),
        damage(
            "added token <eoss> occurs twice",
            root -> added(root).addObject().put("id", 400).put("content", "<eoss>")),
        damage(
            "token a has the ids 64 and 400",
            root -> added(root).addObject().put("id", 400).put("content", "a")));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void damagedPartsAreNamed(String message, Consumer<ObjectNode> damage) throws IOException {
    TokenizerFixture.edit(folder, damage);
    assertThatThrownBy(() -> TokenizerFile.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path + ": not a tokenizer file: ")
        .hasMessageContaining(message);
  }

  @Test
  void oneIdForTwoTokensIsRefused() throws IOException {
    TokenizerFixture.edit(folder, root -> vocab(root).put("zz", 264));
    refused(path + ": id 264 belongs to two tokens, ");
  }

  @Test
  void repeatedKeysAreRefused() throws IOException {
    String json = Files.readString(path);
    Files.writeString(path, json.replaceFirst("\"!\" : 0,", "\"!\" : 0, \"!\" : 0,"));
    refused(path + ": damaged JSON: Duplicate field '!'");
  }

  @Test
  void aFileWithoutAddedTokensIsRead() throws IOException {
    TokenizerFixture.edit(folder, root -> root.remove("added_tokens"));
    assertThat(TokenizerFile.read(folder).addedTokens()).isEmpty();
    TokenizerFixture.edit(folder, root -> root.putNull("added_tokens"));
    assertThat(TokenizerFile.read(folder).id("<eoss>")).isEmpty();
  }

  @Test
  void theWriterRefusesWhatCannotBe() {
    assertThatThrownBy(
            () -> SmallTokenizer.write(folder, List.of("a qq"), Map.of("<|im_end|>", 300)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("merge 'a qq' joins no two known pieces");
    assertThatThrownBy(
            () -> SmallTokenizer.write(folder, List.of("a b", "a b"), Map.of("<|im_end|>", 300)))
        .hasMessage("merge 'a b' makes a piece that exists");
    assertThatThrownBy(() -> SmallTokenizer.write(folder, List.of(), Map.of("<|im_end|>", 255)))
        .hasMessage("id 255 of <|im_end|> belongs to the vocabulary");
    assertThatThrownBy(() -> SmallTokenizer.write(folder, List.of(), Map.of()))
        .hasMessageContaining("<|im_end|>");
  }

  private void refused(String start) {
    assertThatThrownBy(() -> TokenizerFile.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(start)
        .message()
        .doesNotContain("\n");
  }

  private static Arguments damage(String message, Consumer<ObjectNode> change) {
    return Arguments.of(message, change);
  }

  private static ObjectNode model(ObjectNode root) {
    return (ObjectNode) root.get("model");
  }

  private static ObjectNode vocab(ObjectNode root) {
    return (ObjectNode) root.at("/model/vocab");
  }

  private static ArrayNode added(ObjectNode root) {
    return (ArrayNode) root.get("added_tokens");
  }
}

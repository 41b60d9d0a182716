package io.github.lumina4j.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A small tokenizer whose ids can be worked out by hand, and ways to damage its files. */
final class TokenizerFixture {
  /** Ids 256 to 259: " c", "at", " cat" and ":⏎". */
  static final List<String> MERGES = List.of("Ġ c", "a t", "Ġc at", ": Ċ");

  static final int FIRST = 260; // <|endoftext|>; then come the others in the order written
  static final int BOS = 262; // <|im_end|>
  static final int START = 263;
  static final int END = 264;
  static final int NEW_LINE = 265;
  static final int SEPARATOR = 266;
  static final int IMAGE = 267;
  static final int GRID = 268; // counts 0 to 32
  static final int CODES = 301; // 16 image codes

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TokenizerFixture() {}

  static Map<String, Integer> tokens() {
    return SmallTokenizer.compactTokens(FIRST, 33, 16);
  }

  /** Writes both files. */
  static Path write(Path folder) throws IOException {
    SmallTokenizer.write(folder, MERGES, tokens());
    return folder;
  }

  /** Changes tokenizer.json in a folder written before. */
  static void edit(Path folder, Consumer<ObjectNode> change) throws IOException {
    edit(folder, "tokenizer.json", change);
  }

  static void edit(Path folder, String name, Consumer<ObjectNode> change) throws IOException {
    Path path = folder.resolve(name);
    ObjectNode root = (ObjectNode) MAPPER.readTree(path.toFile());
    change.accept(root);
    MAPPER.writeValue(path.toFile(), root);
  }
}

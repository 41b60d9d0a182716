package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The prompts of the GenEval benchmark: one JSON object per line, of which we need the words. */
record GenevalPrompts(List<Line> lines) {
  private static final int MAX_BYTES = 64 << 20;

  /**
   * One line.
   *
   * @param metadata the line as it is, for the benchmark to read again
   */
  record Line(String prompt, String metadata) {}

  /**
   * Reads the benchmark's {@code evaluation_metadata.jsonl}.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read, a line is not such an
   *     object, or there is none
   */
  static GenevalPrompts read(Path file) {
    ObjectMapper mapper = new ObjectMapper();
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text : TextFiles.read(file, MAX_BYTES).lines().toList()) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      JsonNode node;
      try {
        node = mapper.readTree(text);
      } catch (JsonProcessingException e) {
        throw new LuminaException(
            ErrorCode.IO,
            file + ", line " + number + ": not JSON: " + Failures.oneLine(e.getOriginalMessage()),
            e);
      }
      String prompt = node.path("prompt").asText("");
      if (prompt.isBlank()) {
        throw new LuminaException(ErrorCode.IO, file + ", line " + number + ": no prompt");
      }
      lines.add(new Line(prompt, text.strip()));
    }
    if (lines.isEmpty()) {
      throw new LuminaException(ErrorCode.IO, file + ": no prompts in it");
    }
    return new GenevalPrompts(lines);
  }
}

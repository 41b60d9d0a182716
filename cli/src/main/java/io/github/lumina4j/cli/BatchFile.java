package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The lines of a batch: requests, a JSON object each, or prompts as they are. A file is of prompts
 * unless its name or its first line says that it is JSON.
 */
final class BatchFile {
  /** What the server calls options of ours, and {@code generation_config.json}. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "guidance_scale", "cfg",
          "guidance-scale", "cfg",
          "guidance_schedule", "cfg_schedule",
          "guidance-schedule", "cfg_schedule",
          "image_top_k", "top_k",
          "image-top-k", "top_k");

  private static final Pattern JSON_NAME = Pattern.compile(".*\\.(?i:jsonl|ndjson|json)");
  private static final Pattern OBJECT = Pattern.compile("\\s*\\{\\s*[\"}].*", Pattern.DOTALL);
  private static final String COMMENT = "#";

  /** A line that asks for something, and its number, from 1. */
  record Line(int number, String text) {}

  private final boolean json;
  private final List<Line> lines;

  private BatchFile(boolean json, List<Line> lines) {
    this.json = json;
    this.lines = List.copyOf(lines);
  }

  /** Takes {@code text} apart; {@code name} is that of the file. */
  static BatchFile of(String name, String text) {
    String[] all = text.replaceFirst("^\uFEFF", "").split("\r?\n", -1);
    List<Line> lines = new ArrayList<>();
    List<Line> prompts = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (!all[i].isBlank()) {
        Line line = new Line(i + 1, all[i].strip());
        lines.add(line);
        if (!line.text().startsWith(COMMENT)) {
          prompts.add(line);
        }
      }
    }
    boolean json =
        JSON_NAME.matcher(name).matches()
            || !prompts.isEmpty() && OBJECT.matcher(prompts.get(0).text()).matches();
    return new BatchFile(json, json ? lines : prompts);
  }

  List<Line> lines() {
    return lines;
  }

  /**
   * The fields of a line.
   *
   * @throws IllegalArgumentException if it has none
   */
  ObjectNode fields(Line line) {
    if (json) {
      return renamed(object(line.text()));
    }
    if (OBJECT.matcher(line.text()).matches()) {
      throw new IllegalArgumentException(
          "a JSON object among prompts; a file of JSON begins with one, or its name ends in"
              + " .jsonl");
    }
    ObjectNode fields = JsonText.tree(Map.of());
    fields.put("prompt", line.text());
    return fields;
  }

  private static ObjectNode object(String text) {
    try {
      JsonNode node = JsonText.reader(JsonNode.class).readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new IllegalArgumentException("not a JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not JSON: "
              + e.getOriginalMessage()
              + (text.startsWith("{") ? "" : " (a file of prompts, one a line, is named .txt)"),
          e);
    }
  }

  private static ObjectNode renamed(ObjectNode fields) {
    OTHER_NAMES.forEach(
        (other, own) -> {
          if (fields.has(other)) {
            if (fields.has(own) || fields.has(own.replace('_', '-'))) {
              throw new IllegalArgumentException(
                  "fields '" + other + "' and '" + own + "' are the same");
            }
            fields.set(own, fields.remove(other));
          }
        });
    return fields;
  }
}

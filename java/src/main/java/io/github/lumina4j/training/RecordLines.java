package io.github.lumina4j.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Token records as JSON lines, the form to look at and to exchange: {@code {"token": [...],
 * "label": [...], "id": 7}}.
 */
public final class RecordLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RecordLines() {}

  /** One record on one line, without the line's end. */
  public static String format(long id, TokenRecord record) {
    ObjectNode root = JSON.createObjectNode();
    put(root.putArray("token"), record.tokens());
    put(root.putArray("label"), record.labels());
    return root.put("id", id).toString();
  }

  /**
   * The record of a line; its id is left aside.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static TokenRecord parse(String line) {
    try {
      return parse(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static TokenRecord parse(JsonNode root) {
    return new TokenRecord(ints(root, "token"), ints(root, "label"));
  }

  /** Whether an object has the fields of a record. */
  static boolean isRecord(JsonNode root) {
    return root.has("token") && root.has("label");
  }

  /**
   * Writes the records of shards as one file of lines, over an existing one; it appears complete or
   * not at all. Ids count from 0.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if a shard is damaged or writing fails
   */
  public static void write(Path file, List<Path> shards) {
    try {
      AtomicFile.write(
          file,
          out -> {
            long id = 0;
            for (Path shard : shards) {
              for (TokenRecord record : RecordShards.read(shard)) {
                out.write((format(id++, record) + "\n").getBytes(StandardCharsets.UTF_8));
              }
            }
          });
    } catch (IOException e) {
      throw new LuminaException(ErrorCode.IO, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void put(ArrayNode array, int[] values) {
    for (int value : values) {
      array.add(value);
    }
  }

  private static int[] ints(JsonNode root, String name) {
    JsonNode array = root.path(name);
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!array.get(i).isInt()) {
        throw new IllegalArgumentException(name + " is not a list of whole numbers");
      }
      values[i] = array.get(i).intValue();
    }
    return values;
  }
}

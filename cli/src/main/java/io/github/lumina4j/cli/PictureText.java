package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.WriteOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The request inside a PNG file: as JSON under one key, for programs, and its main parts under keys
 * of their own, for people and picture viewers.
 */
final class PictureText {
  /** The key of the JSON. */
  static final String KEY = "lumina4j";

  private PictureText() {}

  /** Writes a picture that knows how it was made; a JPEG file has no place for that. */
  static void write(Path file, RgbImage picture, RequestRecord request) {
    write(file, picture, request, Map.of());
  }

  /** The same with more texts under keys of their own. */
  static void write(Path file, RgbImage picture, RequestRecord request, Map<String, String> more) {
    Map<String, String> chunks = chunks(request);
    chunks.putAll(more);
    ImageFiles.write(file, picture, WriteOptions.DEFAULT.withText(chunks));
  }

  /**
   * Whether a picture's file can say all of this, asked before the picture is made.
   *
   * @throws IllegalArgumentException if not
   */
  static void check(RequestRecord request) {
    WriteOptions.DEFAULT.withText(chunks(request));
  }

  /**
   * The request in a PNG file.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if there is none or it cannot be read
   */
  static RequestRecord read(Path file) {
    String json = ImageFiles.readText(file).get(KEY);
    if (json == null) {
      throw new LuminaException(
          ErrorCode.IO, file + ": no request in it; the picture was not made by lumina, or edited");
    }
    try {
      return JsonText.reader(RequestRecord.class).readValue(json);
    } catch (JsonProcessingException e) {
      throw new LuminaException(
          ErrorCode.IO, file + ": the request in it cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  /** The text of a PNG file that holds a picture of {@code request}. */
  static Map<String, String> chunks(RequestRecord request) {
    Map<String, String> chunks = new LinkedHashMap<>();
    chunks.put("Software", request.software());
    chunks.put(KEY, JsonText.of(request));
    readable(request).forEach(chunks::put);
    return chunks;
  }

  /** The parts that say something to people, by the names of their options. */
  static Map<String, String> readable(RequestRecord request) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("task", request.task());
    put(parts, "prompt", request.prompt());
    put(parts, "description", request.description());
    put(parts, "image", request.image());
    parts.put("size", request.width() + "x" + request.height());
    parts.put("panel", request.panel());
    parts.put("seed", request.seed().toString());
    parts.put("cfg", Double.toString(request.cfg()));
    parts.put("cfg-schedule", request.cfgSchedule());
    parts.put("top-k", Integer.toString(request.topK()));
    parts.put("text-top-k", Integer.toString(request.textTopK()));
    parts.put("temperature", Double.toString(request.temperature()));
    parts.put("sampling", request.sampling());
    put(parts, "speculate", request.speculate() == null ? null : request.speculate().text());
    put(parts, "model", request.model());
    put(parts, "lora", request.lora() == null ? null : UsedAdapter.text(request.lora()));
    put(parts, "image-tokenizer", request.imageTokenizer());
    put(parts, "dtype", request.dtype());
    put(parts, "quantize", request.quantize());
    put(parts, "activations", request.activations());
    put(parts, "kv-cache", request.kvCache());
    put(parts, "image-dtype", request.imageDtype());
    put(parts, "turn", request.turn() == null ? null : request.turn().text());
    put(parts, "rewrite", request.rewrite() == null ? null : request.rewrite().text());
    put(parts, "best-of", request.bestOf() == null ? null : request.bestOf().text());
    put(parts, "partial", request.partial() == null ? null : request.partial().text());
    return parts;
  }

  private static void put(Map<String, String> parts, String key, String value) {
    if (value != null) {
      parts.put(key, value);
    }
  }
}

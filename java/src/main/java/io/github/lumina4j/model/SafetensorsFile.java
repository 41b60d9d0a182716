package io.github.lumina4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A safetensors file of whole numbers, as {@link SafetensorsWriter} writes it: its header, and its
 * numbers when asked for. Immutable; keeps no file open.
 *
 * @param path the file
 * @param metadata the texts of {@code __metadata__}
 * @param tensors name to place, in the header's order
 */
public record SafetensorsFile(Path path, Map<String, String> metadata, Map<String, Entry> tensors) {
  /** The key of the header that is no tensor. */
  static final String METADATA = "__metadata__";

  /** The format's own limit. */
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Where a tensor is.
   *
   * @param begin its first byte, from the beginning of the file
   */
  public record Entry(ElementType type, List<Long> shape, long begin) {
    long byteCount() {
      return SafetensorsFile.byteCount(type, shape);
    }
  }

  /**
   * Reads the header.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file cannot be read, is damaged or
   *     holds other kinds of numbers
   */
  public static SafetensorsFile read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      long length = size < Long.BYTES ? -1 : bytes(channel, 0, Long.BYTES).getLong();
      if (length < 2 || length > MAX_HEADER_BYTES || length > size - Long.BYTES) {
        throw ForeignFile.describe(file)
            .map(what -> new LuminaException(ErrorCode.IO, file + ": " + what))
            .orElseGet(() -> damaged(file, "no safetensors header"));
      }
      JsonNode root = JSON.readTree(bytes(channel, Long.BYTES, length).array());
      if (!root.isObject()) {
        throw damaged(file, "its header is no JSON object");
      }
      Map<String, String> metadata = new LinkedHashMap<>();
      root.path(METADATA)
          .fields()
          .forEachRemaining(e -> metadata.put(e.getKey(), e.getValue().asText()));
      Map<String, Entry> tensors = new LinkedHashMap<>();
      long data = Long.BYTES + length;
      for (Map.Entry<String, JsonNode> field :
          (Iterable<Map.Entry<String, JsonNode>>) root::fields) {
        if (!field.getKey().equals(METADATA)) {
          tensors.put(field.getKey(), entry(file, field.getKey(), field.getValue(), data, size));
        }
      }
      return new SafetensorsFile(file, Map.copyOf(metadata), tensors);
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static Entry entry(Path file, String name, JsonNode node, long data, long size) {
    JsonNode offsets = node.path("data_offsets");
    try {
      Entry entry =
          new Entry(
              ElementType.valueOf(node.path("dtype").asText()),
              StreamSupport.stream(node.path("shape").spliterator(), false)
                  .map(JsonNode::longValue)
                  .toList(),
              Math.addExact(data, offsets.path(0).longValue()));
      long end = Math.addExact(data, offsets.path(1).longValue());
      if (entry.begin() < data || end - entry.begin() != entry.byteCount() || end > size) {
        throw new IllegalArgumentException("its bytes do not fit its shape or the file");
      }
      return entry;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw damaged(file, "tensor " + name + ": " + e.getMessage());
    }
  }

  /** All numbers of an {@link ElementType#I32} tensor, row-major. */
  public int[] ints(String name) {
    ByteBuffer bytes = content(name, ElementType.I32);
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  /** All numbers of an {@link ElementType#I64} tensor, row-major. */
  public long[] longs(String name) {
    ByteBuffer bytes = content(name, ElementType.I64);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  /** All numbers of an {@link ElementType#U8} tensor, row-major. */
  public byte[] bytes(String name) {
    return content(name, ElementType.U8).array();
  }

  private ByteBuffer content(String name, ElementType type) {
    Entry entry = tensors.get(name);
    if (entry == null || entry.type() != type) {
      throw damaged(path, "no tensor " + name + " of " + type);
    }
    try (FileChannel channel = FileChannel.open(path)) {
      return bytes(channel, entry.begin(), entry.byteCount());
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** Bytes of a tensor; refuses negative and absurd shapes. */
  static long byteCount(ElementType type, List<Long> shape) {
    long count = type.bytes();
    for (long side : shape) {
      if (side < 0) {
        throw new IllegalArgumentException("shape " + shape);
      }
      count = Math.multiplyExact(count, side);
    }
    return count;
  }

  private static ByteBuffer bytes(FileChannel channel, long position, long count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(count)).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file is cut off");
      }
    }
    return buffer.flip();
  }

  private static LuminaException damaged(Path file, String reason) {
    return new LuminaException(ErrorCode.IO, file + ": damaged: " + reason);
  }

  private static LuminaException unreadable(Path file, IOException e) {
    return new LuminaException(ErrorCode.IO, "cannot read " + file + ": " + reason(e), e);
  }

  /** Why it failed, without the file's name, which Java repeats. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

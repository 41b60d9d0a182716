package io.github.lumina4j.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes safetensors files of whole numbers: records of training data, not weights. */
public final class SafetensorsWriter {
  /** Numbers go out in pieces of this many bytes. */
  private static final int CHUNK_BYTES = 1 << 16;

  /** Writes a tensor's numbers, little endian, row-major. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * A tensor to be written.
   *
   * @param content writes exactly as many bytes as type and shape ask for
   */
  public record Tensor(String name, ElementType type, List<Long> shape, Content content) {
    public Tensor {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(content, "content");
      shape = List.copyOf(shape);
      if (name.isEmpty() || name.equals(SafetensorsFile.METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be called '" + name + "'");
      }
      SafetensorsFile.byteCount(type, shape);
    }

    /** The first {@code count} of {@code values} as {@link ElementType#I32} of shape [count]. */
    public static Tensor ofInts(String name, int[] values, int count) {
      Objects.checkFromIndexSize(0, count, values.length);
      return new Tensor(
          name,
          ElementType.I32,
          List.of((long) count),
          out -> {
            ByteBuffer buffer = chunk();
            for (int i = 0; i < count; i++) {
              buffer.putInt(values[i]);
              flush(buffer, out, i == count - 1);
            }
          });
    }

    /** The first {@code count} of {@code values} as {@link ElementType#I64} of shape [count]. */
    public static Tensor ofLongs(String name, long[] values, int count) {
      Objects.checkFromIndexSize(0, count, values.length);
      return new Tensor(
          name,
          ElementType.I64,
          List.of((long) count),
          out -> {
            ByteBuffer buffer = chunk();
            for (int i = 0; i < count; i++) {
              buffer.putLong(values[i]);
              flush(buffer, out, i == count - 1);
            }
          });
    }

    private static ByteBuffer chunk() {
      return ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void flush(ByteBuffer buffer, OutputStream out, boolean last)
        throws IOException {
      if (last || !buffer.hasRemaining()) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }

    long byteCount() {
      return SafetensorsFile.byteCount(type, shape);
    }
  }

  private SafetensorsWriter() {}

  /**
   * Writes a file, over an existing one; it appears complete or not at all.
   *
   * @param metadata goes into {@code __metadata__}
   * @throws IllegalArgumentException if two tensors have one name
   * @throws IllegalStateException if a content has another length than its shape
   * @throws LuminaException with {@link ErrorCode#IO} if writing fails
   */
  public static void write(Path file, Map<String, String> metadata, List<Tensor> tensors) {
    byte[] header = header(metadata, tensors);
    try {
      AtomicFile.write(
          file,
          out -> {
            out.write(
                ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Tensor tensor : tensors) {
              CountingStream counted = new CountingStream(out);
              tensor.content().writeTo(counted);
              if (counted.bytes != tensor.byteCount()) {
                throw new IllegalStateException(
                    "tensor "
                        + tensor.name()
                        + (" has " + tensor.byteCount() + " bytes, not " + counted.bytes));
              }
            }
          });
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write " + file + ": " + SafetensorsFile.reason(e), e);
    }
  }

  // The header's JSON, filled up with spaces so that the numbers begin at a multiple of eight.
  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ObjectNode texts = root.putObject(SafetensorsFile.METADATA);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Tensor tensor : tensors) {
      if (root.has(tensor.name())) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
      ObjectNode entry = root.putObject(tensor.name()).put("dtype", tensor.type().name());
      tensor.shape().forEach(entry.withArray("shape")::add);
      long end = offset + tensor.byteCount();
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static final class CountingStream extends OutputStream {
    private final OutputStream out;
    long bytes;

    CountingStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] source, int from, int count) throws IOException {
      out.write(source, from, count);
      bytes += count;
    }
  }
}

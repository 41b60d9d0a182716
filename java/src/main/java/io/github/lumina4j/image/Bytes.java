package io.github.lumina4j.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOException;

/** Numbers out of a file's bytes; reading beyond the end is a truncated file. */
final class Bytes {
  private final ByteBuffer buffer;

  Bytes(byte[] bytes, ByteOrder order) {
    buffer = ByteBuffer.wrap(bytes).order(order);
  }

  int length() {
    return buffer.capacity();
  }

  int u8(long at) throws IIOException {
    return buffer.get(checked(at, 1)) & 0xff;
  }

  int u16(long at) throws IIOException {
    return buffer.getShort(checked(at, 2)) & 0xffff;
  }

  long u32(long at) throws IIOException {
    return buffer.getInt(checked(at, 4)) & 0xffffffffL;
  }

  /** {@code count} bytes from {@code at} on as Latin-1. */
  String latin1(long at, int count) throws IIOException {
    return new String(buffer.array(), checked(at, count), count, StandardCharsets.ISO_8859_1);
  }

  /** A copy of {@code count} bytes from {@code at} on. */
  byte[] slice(long at, long count) throws IIOException {
    int from = checked(at, count);
    return Arrays.copyOfRange(buffer.array(), from, from + (int) count);
  }

  private int checked(long at, long count) throws IIOException {
    if (at < 0 || count < 0 || at + count > buffer.capacity()) {
      throw new IIOException("the file is truncated");
    }
    return (int) at;
  }
}

package io.github.lumina4j.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOException;

/**
 * The RIFF chunks of a WebP file: its size, and its picture, which of an animation is the first
 * frame.
 */
final class WebpStructure {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int EXTENDED_BYTES = 10;
  private static final int FRAME_HEADER_BYTES = 16;
  private static final int ALPHA_FLAG = 0x10;
  private static final int SIDE_MASK = 0x3fff; // a side has 14 bits
  private static final String EXIF = "Exif\0\0";

  private final Bytes bytes;
  private final long end;
  private int width;
  private int height;
  private int orientation = Orientation.NORMAL;
  private Frame frame;
  private byte[] profile;

  /**
   * A whole picture file, to be put at {@code left} and {@code top} of the canvas.
   *
   * @param width as its header says; a decoder must find the same
   */
  record Frame(byte[] file, int left, int top, int width, int height) {}

  private WebpStructure(byte[] file) throws IIOException {
    bytes = new Bytes(file, ByteOrder.LITTLE_ENDIAN);
    end = CHUNK_HEADER_BYTES + bytes.u32(4);
    if (end > file.length) {
      throw new IIOException("the file is truncated");
    }
  }

  /**
   * Looks at all chunks.
   *
   * @throws IIOException if the file is shorter than its header says, or holds no picture
   */
  static WebpStructure of(byte[] file) throws IIOException {
    WebpStructure result = new WebpStructure(file);
    for (long at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= result.end; ) {
      long length = result.bytes.u32(at + 4);
      if (at + CHUNK_HEADER_BYTES + length > result.end) {
        throw new IIOException("the file is truncated");
      }
      result.chunk(result.bytes.latin1(at, 4), at, length, file);
      at += CHUNK_HEADER_BYTES + length + length % 2;
    }
    if (result.frame == null) {
      throw new IIOException("it holds no picture");
    }
    return result;
  }

  private void chunk(String type, long at, long length, byte[] file) throws IIOException {
    long start = at + CHUNK_HEADER_BYTES;
    switch (type) {
      case "VP8X" -> {
        width = u24(start + 4) + 1;
        height = u24(start + 7) + 1;
      }
      case "VP8 ", "VP8L" -> {
        if (frame == null) {
          int[] sides = sides(type, start);
          if (width == 0) { // not an extended file
            width = sides[0];
            height = sides[1];
          }
          frame = new Frame(file, 0, 0, sides[0], sides[1]);
        }
      }
      case "ANMF" -> {
        if (frame == null) {
          frame = frame(start, length);
        }
      }
      case "ICCP" -> profile = bytes.slice(start, length);
      case "EXIF" -> orientation = Orientation.of(exif(bytes.slice(start, length)));
      default -> {}
    }
  }

  /** A frame of an animation as a file of its own. */
  private Frame frame(long start, long length) throws IIOException {
    int left = 2 * u24(start);
    int top = 2 * u24(start + 3);
    int frameWidth = u24(start + 6) + 1;
    int frameHeight = u24(start + 9) + 1;
    if ((long) left + frameWidth > width || (long) top + frameHeight > height) {
      throw new IIOException("the first frame lies outside the picture");
    }
    long from = start + FRAME_HEADER_BYTES;
    boolean alpha = bytes.latin1(from, 4).equals("ALPH");
    byte[] chunks = bytes.slice(from, length - FRAME_HEADER_BYTES);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + CHUNK_HEADER_BYTES + EXTENDED_BYTES);
    header.order(ByteOrder.LITTLE_ENDIAN);
    header.put(ascii("RIFF")).putInt(header.capacity() - CHUNK_HEADER_BYTES + chunks.length);
    header.put(ascii("WEBP")).put(ascii("VP8X")).putInt(EXTENDED_BYTES);
    header.putInt(alpha ? ALPHA_FLAG : 0);
    put24(header, frameWidth - 1);
    put24(header, frameHeight - 1);
    ByteArrayOutputStream file = new ByteArrayOutputStream(header.capacity() + chunks.length);
    file.writeBytes(header.array());
    file.writeBytes(chunks);
    return new Frame(file.toByteArray(), left, top, frameWidth, frameHeight);
  }

  /** Width and height as the picture's own data begin. */
  private int[] sides(String type, long start) throws IIOException {
    if (type.equals("VP8L")) {
      long bits = bytes.u32(start + 1);
      return new int[] {(int) (bits & SIDE_MASK) + 1, (int) (bits >> 14 & SIDE_MASK) + 1};
    }
    return new int[] {bytes.u16(start + 6) & SIDE_MASK, bytes.u16(start + 8) & SIDE_MASK};
  }

  private int u24(long at) throws IIOException {
    return bytes.u16(at) | bytes.u8(at + 2) << 16;
  }

  private static void put24(ByteBuffer target, int value) {
    target.putShort((short) value).put((byte) (value >> 16));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Some programs keep the prefix that Exif has in JPEG. */
  private static byte[] exif(byte[] data) throws IIOException {
    Bytes bytes = new Bytes(data, ByteOrder.BIG_ENDIAN);
    boolean prefixed = data.length > EXIF.length() && bytes.latin1(0, EXIF.length()).equals(EXIF);
    return prefixed ? bytes.slice(EXIF.length(), data.length - EXIF.length()) : data;
  }

  /** Pixels of the whole canvas. */
  int width() {
    return width;
  }

  /** Pixels of the whole canvas. */
  int height() {
    return height;
  }

  /** The Exif orientation, 1 to 8. */
  int orientation() {
    return orientation;
  }

  /** The colour profile; null if there is none. */
  byte[] profile() {
    return profile;
  }

  /** The picture, or the first frame of an animation. */
  Frame frame() {
    return frame;
  }
}

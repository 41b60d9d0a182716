package io.github.lumina4j.image;

import java.nio.ByteOrder;
import javax.imageio.IIOException;

/** The RIFF chunks around a WebP picture. */
final class WebpStructure {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int PROFILE_FLAG = 0x20;
  private static final String EXIF = "Exif\0\0";

  private WebpStructure() {}

  /**
   * The Exif orientation, 1 to 8.
   *
   * @throws IIOException if the file is shorter than its header says
   */
  static int orientation(byte[] file) throws IIOException {
    Bytes bytes = new Bytes(file, ByteOrder.LITTLE_ENDIAN);
    long end = CHUNK_HEADER_BYTES + bytes.u32(4);
    if (end > file.length) {
      throw new IIOException("the file is truncated");
    }
    int orientation = Orientation.NORMAL;
    long at = HEADER_BYTES;
    while (at + CHUNK_HEADER_BYTES <= end) {
      long length = bytes.u32(at + 4);
      if (at + CHUNK_HEADER_BYTES + length > end) {
        throw new IIOException("the file is truncated");
      }
      if (bytes.latin1(at, 4).equals("EXIF")) {
        orientation = Orientation.of(exif(bytes.slice(at + CHUNK_HEADER_BYTES, length)));
      }
      at += CHUNK_HEADER_BYTES + length + length % 2;
    }
    return orientation;
  }

  /**
   * Makes the decoder pass over a colour profile, which it would apply: the chunk gets a type that
   * nobody knows. For a file that {@link #orientation} has walked.
   */
  static void dropProfile(byte[] file) throws IIOException {
    Bytes bytes = new Bytes(file, ByteOrder.LITTLE_ENDIAN);
    long end = CHUNK_HEADER_BYTES + bytes.u32(4);
    for (long at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= end; ) {
      String type = bytes.latin1(at, 4);
      if (type.equals("VP8X") && bytes.u32(at + 4) > 0) {
        file[(int) at + CHUNK_HEADER_BYTES] &= ~PROFILE_FLAG;
      } else if (type.equals("ICCP")) {
        file[(int) at] = 'x';
      }
      long length = bytes.u32(at + 4);
      at += CHUNK_HEADER_BYTES + length + length % 2;
    }
  }

  /** Some programs keep the prefix that Exif has in JPEG. */
  private static byte[] exif(byte[] data) throws IIOException {
    Bytes bytes = new Bytes(data, ByteOrder.BIG_ENDIAN);
    boolean prefixed = data.length > EXIF.length() && bytes.latin1(0, EXIF.length()).equals(EXIF);
    return prefixed ? bytes.slice(EXIF.length(), data.length - EXIF.length()) : data;
  }
}

package io.github.lumina4j.image;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/** The chunks of a PNG file, up to and with its end chunk. */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;

  /** Length, type and checksum around a chunk's data. */
  private static final int FRAME_BYTES = 12;

  private static final int HEADER_BYTES = 13;

  /** One chunk: its four-letter type and where its data lies. */
  record Chunk(String type, int offset, int length) {
    /** Whether a decoder must understand it: the first letter is upper case. */
    boolean critical() {
      return Character.isUpperCase(type.charAt(0));
    }
  }

  private final byte[] file;
  private final Bytes bytes;
  private final List<Chunk> chunks = new ArrayList<>();

  private PngChunks(byte[] file) {
    this.file = file;
    bytes = new Bytes(file, ByteOrder.BIG_ENDIAN);
  }

  /**
   * Finds the chunks and compares the checksums of the critical ones.
   *
   * @throws IIOException if the file ends before its end chunk or is damaged
   */
  static PngChunks of(byte[] file) throws IIOException {
    PngChunks result = new PngChunks(file);
    long at = SIGNATURE_BYTES;
    Chunk chunk;
    do {
      long length = result.bytes.u32(at);
      String type = result.bytes.latin1(at + 4, 4);
      if (!type.chars().allMatch(PngChunks::isLetter)) {
        throw new IIOException("a chunk's type is not four letters");
      }
      if (at + FRAME_BYTES + length > file.length) {
        throw new IIOException("the file is truncated");
      }
      chunk = new Chunk(type, (int) at + 8, (int) length);
      if (chunk.critical()) {
        result.checkSum(chunk);
      }
      result.chunks.add(chunk);
      at += FRAME_BYTES + length;
    } while (!chunk.type().equals("IEND"));
    Chunk first = result.chunks.get(0);
    if (!first.type().equals("IHDR") || first.length() != HEADER_BYTES) {
      throw new IIOException("the file does not start with a header chunk");
    }
    return result;
  }

  private static boolean isLetter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /** A copy of a chunk's data. */
  byte[] data(Chunk chunk) throws IIOException {
    return bytes.slice(chunk.offset(), chunk.length());
  }

  /** Compares a chunk's checksum. */
  void checkSum(Chunk chunk) throws IIOException {
    CRC32 crc = new CRC32();
    crc.update(file, chunk.offset() - 4, chunk.length() + 4);
    if (crc.getValue() != bytes.u32((long) chunk.offset() + chunk.length())) {
      throw new IIOException("the checksum of chunk " + chunk.type() + " does not match");
    }
  }

  long width() throws IIOException {
    return bytes.u32(SIGNATURE_BYTES + 8);
  }

  long height() throws IIOException {
    return bytes.u32(SIGNATURE_BYTES + 12);
  }

  int bitDepth() throws IIOException {
    return bytes.u8(SIGNATURE_BYTES + 16);
  }

  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  int colorType() throws IIOException {
    return bytes.u8(SIGNATURE_BYTES + 17);
  }

  /** Bytes of compressed pixels. */
  long pixelDataBytes() {
    return chunks.stream().filter(c -> c.type().equals("IDAT")).mapToLong(Chunk::length).sum();
  }

  /** The Exif orientation, 1 to 8. */
  int orientation() throws IIOException {
    byte[] exif = first("eXIf");
    return exif == null ? Orientation.NORMAL : Orientation.of(exif);
  }

  /** The data of the first chunk of a type; null if there is none. */
  byte[] first(String type) throws IIOException {
    for (Chunk chunk : chunks) {
      if (chunk.type().equals(type)) {
        return data(chunk);
      }
    }
    return null;
  }
}

package io.github.lumina4j.image;

import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * The first directory of a TIFF file, as far as it tells whether the file can hold its picture.
 * ImageIO passes over fields that lie beyond the end and then guesses.
 */
final class TiffStructure {
  private static final int ENTRY_BYTES = 12;
  private static final int FIRST_PRIVATE_TAG = 0x8000;

  private static final int NEW_SUBFILE_TYPE = 254;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS_PER_SAMPLE = 258;
  private static final int COMPRESSION = 259;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int SUB_DIRECTORIES = 330;
  private static final int PROFILE = 34675;
  private static final int DNG_VERSION = 50706;

  /** Bytes of one value, by field type. */
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private static final int SHORT = 3;

  // A code of at most 12 bits stands for at most 4096 bytes.
  private static final int LZW_MOST = 4096;

  // Two bytes stand for at most 128.
  private static final int PACKBITS_MOST = 64;

  private final Bytes bytes;
  private long width;
  private long height;
  private long bitsPerSample = 1;
  private long samplesPerPixel = 1;
  private long compression = 1;
  private long tileWidth = 1;
  private long tileHeight = 1;
  private boolean reduced; // the first page is a smaller version of another
  private boolean subDirectories;
  private boolean dng;
  private byte[] profile;

  private TiffStructure(byte[] file) {
    bytes = new Bytes(file, file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /**
   * Reads the first directory.
   *
   * @throws IIOException if it or a value of a standard field lies beyond the end of the file
   */
  static TiffStructure of(byte[] file) throws IIOException {
    TiffStructure result = new TiffStructure(file);
    long directory = result.bytes.u32(4);
    int entries = result.bytes.u16(directory);
    for (int i = 0; i < entries; i++) {
      result.entry(directory + 2 + (long) i * ENTRY_BYTES);
    }
    return result;
  }

  private void entry(long at) throws IIOException {
    int tag = bytes.u16(at);
    int type = bytes.u16(at + 2);
    long count = bytes.u32(at + 4);
    bytes.u32(at + 8);
    dng |= tag == DNG_VERSION;
    if (tag == PROFILE && count > 4 && type < TYPE_BYTES.length && TYPE_BYTES[type] == 1) {
      profile = bytes.slice(bytes.u32(at + 8), count);
    }
    if (tag >= FIRST_PRIVATE_TAG || type >= TYPE_BYTES.length) {
      return;
    }
    long size = count * TYPE_BYTES[type];
    long value = size <= 4 ? at + 8 : bytes.u32(at + 8);
    if (value + size > bytes.length()) {
      throw new IIOException("the file is truncated");
    }
    if (size == 0) {
      return;
    }
    // Fields read here are SHORT or LONG; of several values, such as bits, the first.
    long number = type == SHORT ? bytes.u16(value) : size >= 4 ? bytes.u32(value) : 0;
    switch (tag) {
      case NEW_SUBFILE_TYPE -> reduced = (number & 1) != 0;
      case SUB_DIRECTORIES -> subDirectories = true;
      case WIDTH -> width = number;
      case HEIGHT -> height = number;
      case BITS_PER_SAMPLE -> bitsPerSample = number;
      case COMPRESSION -> compression = number;
      case SAMPLES_PER_PIXEL -> samplesPerPixel = number;
      case TILE_WIDTH -> tileWidth = number;
      case TILE_HEIGHT -> tileHeight = number;
      default -> {}
    }
  }

  /** Whether it is a camera's raw file, whose picture itself is elsewhere and not TIFF. */
  boolean raw() {
    return dng || reduced && subDirectories;
  }

  /** The colour profile; null if there is none. */
  byte[] profile() {
    return profile;
  }

  long width() {
    return width;
  }

  long height() {
    return height;
  }

  /** Pixels; 1 for a picture in strips. A decoder makes room for a whole tile. */
  long tileWidth() {
    return tileWidth;
  }

  /** Pixels; 1 for a picture in strips. */
  long tileHeight() {
    return tileHeight;
  }

  /** Whether the file's bytes can unpack to a picture of this size, which is within the limits. */
  boolean plausible() {
    double packed = bytes.length();
    double unpacked = (double) width * height * samplesPerPixel * bitsPerSample / 8;
    return switch ((int) compression) {
      case 1 -> unpacked <= packed;
      case 5 -> unpacked <= packed * LZW_MOST;
      case 8, 32946 -> unpacked <= packed * ImageDecoder.DEFLATE_MOST;
      case 32773 -> unpacked <= packed * PACKBITS_MOST;
      default -> true; // fax codes need one bit for a row, whatever its width
    };
  }
}

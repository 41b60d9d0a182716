package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * The Exif orientation of a picture, 1 to 8: how the stored rows and columns lie on the picture as
 * it was taken.
 */
final class Orientation {
  /** Stored as seen. */
  static final int NORMAL = 1;

  private static final int TAG = 0x0112;
  private static final int TYPE_SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Orientation() {}

  /**
   * The orientation in an Exif block, which is a TIFF file: the tag of its first directory. Damaged
   * blocks and values other than 1 to 8 count as {@link #NORMAL}; a picture is not lost over them.
   */
  static int of(byte[] exif) {
    try {
      ByteOrder order =
          exif.length > 0 && exif[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      Bytes bytes = new Bytes(exif, order);
      String mark = bytes.latin1(0, 2);
      if ((!mark.equals("II") && !mark.equals("MM")) || bytes.u16(2) != 42) {
        return NORMAL;
      }
      long directory = bytes.u32(4);
      int entries = bytes.u16(directory);
      for (int i = 0; i < entries; i++) {
        long entry = directory + 2 + (long) i * ENTRY_BYTES;
        if (bytes.u16(entry) == TAG && bytes.u16(entry + 2) == TYPE_SHORT) {
          int value = bytes.u16(entry + 8);
          return value >= 1 && value <= 8 ? value : NORMAL;
        }
      }
      return NORMAL;
    } catch (IIOException e) {
      return NORMAL;
    }
  }

  /** The picture as seen, from the picture as stored. */
  static RgbImage apply(RgbImage stored, int orientation) {
    if (orientation == NORMAL) {
      return stored;
    }
    boolean turned = orientation >= 5;
    int width = turned ? stored.height() : stored.width();
    int height = turned ? stored.width() : stored.height();
    return stored.transparent()
        ? RgbImage.onWhite(
            width, height, turn(stored.rgba(), RgbImage.RGBA_CHANNELS, stored, orientation))
        : new RgbImage(
            width, height, turn(stored.pixels(), RgbImage.CHANNELS, stored, orientation));
  }

  /** The bytes of {@code from}, stored pixels of {@code channels} each, as seen. */
  private static byte[] turn(byte[] from, int channels, RgbImage stored, int orientation) {
    int w = stored.width();
    int h = stored.height();
    int width = orientation >= 5 ? h : w;
    int height = orientation >= 5 ? w : h;
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // Stored column and row of the pixel seen at (x, y).
        int column;
        int row;
        switch (orientation) {
          case 2 -> {
            column = w - 1 - x;
            row = y;
          }
          case 3 -> {
            column = w - 1 - x;
            row = h - 1 - y;
          }
          case 4 -> {
            column = x;
            row = h - 1 - y;
          }
          case 5 -> {
            column = y;
            row = x;
          }
          case 6 -> {
            column = y;
            row = h - 1 - x;
          }
          case 7 -> {
            column = w - 1 - y;
            row = h - 1 - x;
          }
          case 8 -> {
            column = w - 1 - y;
            row = x;
          }
          default -> throw new IllegalArgumentException("orientation " + orientation);
        }
        System.arraycopy(from, (row * w + column) * channels, to, at, channels);
        at += channels;
      }
    }
    return to;
  }
}

package io.github.lumina4j;

import java.util.Arrays;
import java.util.Objects;

/**
 * A picture as 8-bit RGB. Immutable: the bytes are copied on the way in and on the way out. Equal
 * when size and all bytes are equal.
 *
 * <p>A picture that had transparency is seen on white, and also keeps its colours and coverage as
 * they were: {@link io.github.lumina4j.image.PillowResize} scales those, and puts the result on
 * white. Everything else sees the picture on white.
 */
public final class RgbImage {
  /** Bytes per pixel. */
  public static final int CHANNELS = 3;

  /** Bytes per pixel of {@link #rgba()}. */
  public static final int RGBA_CHANNELS = 4;

  private static final int OPAQUE = 255;

  private final int width;
  private final int height;
  private final byte[] pixels;
  private final byte[] rgba; // null if the picture is opaque

  /** [alpha][value]: the value on white (docs/spec/model.md 5.1, step 3). */
  private static final class OnWhite {
    static final byte[] TABLE = new byte[256 * 256];

    static {
      for (int alpha = 0; alpha < 256; alpha++) {
        double a = alpha / 255.0;
        for (int value = 0; value < 256; value++) {
          TABLE[alpha << 8 | value] = (byte) (int) ((1 - a) * 255 + a * value);
        }
      }
    }
  }

  /**
   * An opaque picture.
   *
   * @param width pixels, at least 1
   * @param height pixels, at least 1
   * @param pixels [height, width, 3], row-major, red first
   * @throws IllegalArgumentException if a side is below 1 or the array's length is not {@code width
   *     * height * 3}
   */
  public RgbImage(int width, int height, byte[] pixels) {
    this(width, height, checked(width, height, pixels, CHANNELS).clone(), null);
  }

  private RgbImage(int width, int height, byte[] pixels, byte[] rgba) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.rgba = rgba;
  }

  /**
   * A picture with transparency, seen on white. If every pixel is opaque, so is the picture.
   *
   * @param width pixels, at least 1
   * @param height pixels, at least 1
   * @param rgba [height, width, 4], row-major, red first; colours not multiplied by alpha
   * @throws IllegalArgumentException if a side is below 1 or the array's length is not {@code width
   *     * height * 4}
   */
  public static RgbImage onWhite(int width, int height, byte[] rgba) {
    checked(width, height, Objects.requireNonNull(rgba, "rgba"), RGBA_CHANNELS);
    byte[] pixels = new byte[rgba.length / RGBA_CHANNELS * CHANNELS];
    int at = 0;
    boolean opaque = true;
    for (int i = 0; i < rgba.length; i += RGBA_CHANNELS) {
      int alpha = rgba[i + CHANNELS] & 0xff;
      opaque &= alpha == OPAQUE;
      for (int channel = 0; channel < CHANNELS; channel++) {
        pixels[at++] = OnWhite.TABLE[alpha << 8 | rgba[i + channel] & 0xff];
      }
    }
    return new RgbImage(width, height, pixels, opaque ? null : rgba.clone());
  }

  private static byte[] checked(int width, int height, byte[] bytes, int channels) {
    Objects.requireNonNull(bytes, "pixels");
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("picture of " + width + "x" + height + " pixels");
    }
    long expected = (long) width * height * channels;
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "a picture of "
              + (width + "x" + height)
              + (" pixels has " + expected + " bytes, not " + bytes.length));
    }
    return bytes;
  }

  /** Pixels, at least 1. */
  public int width() {
    return width;
  }

  /** Pixels, at least 1. */
  public int height() {
    return height;
  }

  /** A copy of the bytes, [height, width, 3]. */
  public byte[] pixels() {
    return pixels.clone();
  }

  /** Whether a pixel is not opaque. */
  public boolean transparent() {
    return rgba != null;
  }

  /** A copy of colours and coverage, [height, width, 4]; an opaque picture is covered by 255. */
  public byte[] rgba() {
    byte[] copy = new byte[Math.multiplyExact(width * height, RGBA_CHANNELS)];
    copyRgbaRows(0, height, copy, 0);
    return copy;
  }

  /** Red, green and blue of one pixel as {@code 0xRRGGBB}; x from the left, y from the top. */
  public int rgb(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int at = (y * width + x) * CHANNELS;
    return (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | (pixels[at + 2] & 0xff);
  }

  /**
   * Copies {@code rows} whole rows from row {@code firstRow} on to {@code target} at {@code
   * offset}: {@code rows * width * 3} bytes, without copying the rest of the picture.
   *
   * @throws IndexOutOfBoundsException if the rows or the target do not hold them
   */
  public void copyRows(int firstRow, int rows, byte[] target, int offset) {
    Objects.requireNonNull(target, "target");
    Objects.checkFromIndexSize(firstRow, rows, height);
    int rowBytes = width * CHANNELS;
    System.arraycopy(pixels, firstRow * rowBytes, target, offset, rows * rowBytes);
  }

  /**
   * The same with coverage: {@code rows * width * 4} bytes.
   *
   * @throws IndexOutOfBoundsException if the rows or the target do not hold them
   */
  public void copyRgbaRows(int firstRow, int rows, byte[] target, int offset) {
    Objects.requireNonNull(target, "target");
    Objects.checkFromIndexSize(firstRow, rows, height);
    int first = firstRow * width;
    int count = rows * width;
    if (rgba != null) {
      System.arraycopy(rgba, first * RGBA_CHANNELS, target, offset, count * RGBA_CHANNELS);
      return;
    }
    Objects.checkFromIndexSize(offset, count * RGBA_CHANNELS, target.length);
    for (int i = 0; i < count; i++) {
      int at = offset + i * RGBA_CHANNELS;
      System.arraycopy(pixels, (first + i) * CHANNELS, target, at, CHANNELS);
      target[at + CHANNELS] = (byte) OPAQUE;
    }
  }

  /**
   * The part of the picture that starts at column {@code left} and row {@code top}.
   *
   * @throws IndexOutOfBoundsException if it reaches beyond the picture
   */
  public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
    Objects.checkFromIndexSize(left, cropWidth, width);
    Objects.checkFromIndexSize(top, cropHeight, height);
    int[] part = {left, top, cropWidth, cropHeight};
    return rgba == null
        ? new RgbImage(cropWidth, cropHeight, cut(pixels, CHANNELS, part))
        : onWhite(cropWidth, cropHeight, cut(rgba, RGBA_CHANNELS, part));
  }

  private byte[] cut(byte[] from, int channels, int[] part) {
    int rowBytes = part[2] * channels;
    byte[] cut = new byte[Math.multiplyExact(part[3], rowBytes)];
    for (int y = 0; y < part[3]; y++) {
      int at = ((part[1] + y) * width + part[0]) * channels;
      System.arraycopy(from, at, cut, y * rowBytes, rowBytes);
    }
    return cut;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage image
        && width == image.width
        && height == image.height
        && Arrays.equals(pixels, image.pixels)
        && Arrays.equals(rgba, image.rgba);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + "x" + height + "]";
  }
}

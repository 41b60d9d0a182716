package io.github.lumina4j;

import java.util.Arrays;
import java.util.Objects;

/**
 * A picture as 8-bit RGB. Immutable: the bytes are copied on the way in and on the way out. Equal
 * when size and all bytes are equal.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param pixels [height, width, 3], row-major, red first
 */
public record RgbImage(int width, int height, byte[] pixels) {
  /** Bytes per pixel. */
  public static final int CHANNELS = 3;

  /**
   * @throws IllegalArgumentException if a side is below 1 or the array's length is not {@code width
   *     * height * 3}
   */
  public RgbImage {
    Objects.requireNonNull(pixels, "pixels");
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("picture of " + width + "x" + height + " pixels");
    }
    long expected = (long) width * height * CHANNELS;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "a picture of "
              + (width + "x" + height)
              + (" pixels has " + expected + " bytes, not " + pixels.length));
    }
    pixels = pixels.clone();
  }

  /** A copy of the bytes, [height, width, 3]. */
  @Override
  public byte[] pixels() {
    return pixels.clone();
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
   * The part of the picture that starts at column {@code left} and row {@code top}.
   *
   * @throws IndexOutOfBoundsException if it reaches beyond the picture
   */
  public RgbImage crop(int left, int top, int cropWidth, int cropHeight) {
    Objects.checkFromIndexSize(left, cropWidth, width);
    Objects.checkFromIndexSize(top, cropHeight, height);
    byte[] part = new byte[Math.multiplyExact(Math.multiplyExact(cropWidth, cropHeight), CHANNELS)];
    for (int y = 0; y < cropHeight; y++) {
      int from = ((top + y) * width + left) * CHANNELS;
      System.arraycopy(pixels, from, part, y * cropWidth * CHANNELS, cropWidth * CHANNELS);
    }
    return new RgbImage(cropWidth, cropHeight, part);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage image
        && width == image.width
        && height == image.height
        && Arrays.equals(pixels, image.pixels);
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

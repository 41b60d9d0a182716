package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.util.Arrays;
import java.util.List;

/** Pictures put together and taken apart: two panels above each other, and contact sheets. */
public final class Panels {
  private Panels() {}

  /**
   * The upper panel of a dual-panel picture.
   *
   * @throws IllegalArgumentException if the height is odd
   */
  public static RgbImage upperHalf(RgbImage image) {
    return image.crop(0, 0, image.width(), halfHeight(image));
  }

  /**
   * The lower panel of a dual-panel picture.
   *
   * @throws IllegalArgumentException if the height is odd
   */
  public static RgbImage lowerHalf(RgbImage image) {
    int half = halfHeight(image);
    return image.crop(0, half, image.width(), half);
  }

  /**
   * Two pictures above each other.
   *
   * @throws IllegalArgumentException if the widths differ
   */
  public static RgbImage stack(RgbImage upper, RgbImage lower) {
    if (upper.width() != lower.width()) {
      throw new IllegalArgumentException(
          "cannot stack pictures of widths " + upper.width() + " and " + lower.width());
    }
    Canvas canvas = new Canvas(upper.width(), (long) upper.height() + lower.height());
    canvas.draw(upper, 0, 0);
    canvas.draw(lower, 0, upper.height());
    return canvas.image();
  }

  /**
   * A contact sheet: pictures from left to right, then from top to bottom. Every cell has the size
   * of the widest and of the highest picture; smaller ones lie in the middle of theirs, on white.
   *
   * @throws IllegalArgumentException if there is no picture, {@code columns} is below 1, or the
   *     sheet exceeds 2 GiB
   */
  public static RgbImage grid(List<RgbImage> images, int columns) {
    if (images.isEmpty() || columns < 1) {
      throw new IllegalArgumentException(
          "a grid of " + images.size() + " pictures in " + columns + " columns");
    }
    int across = Math.min(columns, images.size());
    int down = (images.size() + across - 1) / across;
    int cellWidth = images.stream().mapToInt(RgbImage::width).max().getAsInt();
    int cellHeight = images.stream().mapToInt(RgbImage::height).max().getAsInt();
    Canvas canvas = new Canvas((long) across * cellWidth, (long) down * cellHeight);
    for (int i = 0; i < images.size(); i++) {
      RgbImage image = images.get(i);
      int left = i % across * cellWidth + (cellWidth - image.width()) / 2;
      int top = i / across * cellHeight + (cellHeight - image.height()) / 2;
      canvas.draw(image, left, top);
    }
    return canvas.image();
  }

  /**
   * A picture of which only the upper part exists: a checkerboard in two light greys, which nobody
   * takes for a picture, stands where the rest belongs.
   *
   * @param height of the whole picture
   * @throws IllegalArgumentException if {@code upper} is higher than that
   */
  public static RgbImage unfinished(RgbImage upper, int height) {
    if (upper.height() > height) {
      throw new IllegalArgumentException(
          "a part of " + upper.height() + " rows in a picture of " + height);
    }
    if (upper.height() == height) {
      return upper;
    }
    Canvas canvas = new Canvas(upper.width(), height);
    canvas.draw(upper, 0, 0);
    canvas.check(upper.height());
    return canvas.image();
  }

  private static int halfHeight(RgbImage image) {
    if (image.height() % 2 != 0) {
      throw new IllegalArgumentException(
          "a picture of height " + image.height() + " has no two equal panels");
    }
    return image.height() / 2;
  }

  /** A white sheet that pictures are copied onto. */
  private static final class Canvas {
    private static final int SQUARE = 16; // pixels, of the checkerboard
    private static final byte LIGHT = (byte) 0xee;
    private static final byte DARK = (byte) 0xcc;

    private final int width;
    private final int height;
    private final byte[] pixels; // [height, width, 3]

    Canvas(long width, long height) {
      long bytes = width * height * RgbImage.CHANNELS;
      if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || bytes > (1L << 31) - 16) {
        throw new IllegalArgumentException(
            "a picture of " + width + "x" + height + " pixels exceeds 2 GiB");
      }
      this.width = (int) width;
      this.height = (int) height;
      pixels = new byte[(int) bytes];
      Arrays.fill(pixels, (byte) 255);
    }

    void draw(RgbImage image, int left, int top) {
      byte[] row = new byte[image.width() * RgbImage.CHANNELS];
      for (int y = 0; y < image.height(); y++) {
        image.copyRows(y, 1, row, 0);
        System.arraycopy(row, 0, pixels, ((top + y) * width + left) * 3, row.length);
      }
    }

    /** A checkerboard from row {@code top} on. */
    void check(int top) {
      for (int y = top; y < height; y++) {
        for (int x = 0; x < width; x++) {
          byte grey = (y / SQUARE + x / SQUARE) % 2 == 0 ? LIGHT : DARK;
          Arrays.fill(pixels, (y * width + x) * 3, (y * width + x + 1) * 3, grey);
        }
      }
    }

    RgbImage image() {
      return new RgbImage(width, height, pixels);
    }
  }
}

package io.github.lumina4j.training;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.BitmapFont;
import java.util.Arrays;

/**
 * A white picture to draw smooth lines and labels on, without AWT, which may lack its libraries.
 */
final class Canvas {
  /** Pixels per dot of the font, along each side. */
  static final int TEXT_SCALE = 2;

  static final int TEXT_HEIGHT = BitmapFont.HEIGHT * TEXT_SCALE;

  private final int width;
  private final int height;
  private final byte[] pixels;
  private final float[] coverage; // of the line being drawn, 0 to 1

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    pixels = new byte[width * height * RgbImage.CHANNELS];
    Arrays.fill(pixels, (byte) 0xff);
    coverage = new float[width * height];
  }

  /** A rectangle of pixels, right and bottom not included. */
  record Area(int left, int top, int right, int bottom) {}

  /**
   * A line through the points, cut at the borders of {@code clip}. It covers a pixel once, however
   * often it comes by, so that noise does not darken.
   *
   * @param thickness in pixels
   * @param rgb colour as {@code 0xRRGGBB}
   * @param opacity 0 to 1
   */
  void line(double[] x, double[] y, double thickness, int rgb, double opacity, Area clip) {
    Arrays.fill(coverage, 0);
    for (int i = 0; i < x.length; i++) {
      int from = Math.max(0, i - 1); // a single point is a dot
      if (i > 0 || x.length == 1) {
        cover(x[from], y[from], x[i], y[i], thickness / 2, clip);
      }
    }
    for (int row = clip.top(); row < clip.bottom(); row++) {
      for (int column = clip.left(); column < clip.right(); column++) {
        float share = coverage[row * width + column];
        if (share > 0) {
          blend(column, row, rgb, share * opacity);
        }
      }
    }
  }

  private void cover(double x0, double y0, double x1, double y1, double radius, Area clip) {
    int reach = (int) Math.ceil(radius + 1);
    int left = (int) Math.max(clip.left(), Math.floor(Math.min(x0, x1)) - reach);
    int right = (int) Math.min(clip.right() - 1.0, Math.ceil(Math.max(x0, x1)) + reach);
    int top = (int) Math.max(clip.top(), Math.floor(Math.min(y0, y1)) - reach);
    int bottom = (int) Math.min(clip.bottom() - 1.0, Math.ceil(Math.max(y0, y1)) + reach);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double square = dx * dx + dy * dy;
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        double px = column + 0.5 - x0;
        double py = row + 0.5 - y0;
        double along = square > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / square)) : 0;
        double offX = px - along * dx;
        double offY = py - along * dy;
        double distance = Math.sqrt(offX * offX + offY * offY);
        float share = (float) Math.min(1, Math.max(0, radius + 0.5 - distance));
        int at = row * width + column;
        coverage[at] = Math.max(coverage[at], share);
      }
    }
  }

  /** Fills a rectangle. */
  void fill(Area area, int rgb) {
    for (int row = area.top(); row < area.bottom(); row++) {
      for (int column = area.left(); column < area.right(); column++) {
        blend(column, row, rgb, 1);
      }
    }
  }

  /** A label whose top left corner is at the point. */
  void text(String text, int left, int top, int rgb) {
    BitmapFont.draw(
        text,
        (x, y) -> {
          int atLeft = left + x * TEXT_SCALE;
          int atTop = top + y * TEXT_SCALE;
          fill(new Area(atLeft, atTop, atLeft + TEXT_SCALE, atTop + TEXT_SCALE), rgb);
        });
  }

  static int textWidth(String text) {
    return BitmapFont.width(text) * TEXT_SCALE;
  }

  private void blend(int column, int row, int rgb, double opacity) {
    if (column < 0 || column >= width || row < 0 || row >= height) {
      return;
    }
    int at = (row * width + column) * RgbImage.CHANNELS;
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      int target = rgb >> 8 * (2 - channel) & 0xff;
      int old = pixels[at + channel] & 0xff;
      pixels[at + channel] = (byte) Math.round(old + (target - old) * opacity);
    }
  }

  RgbImage toImage() {
    return new RgbImage(width, height, pixels);
  }
}

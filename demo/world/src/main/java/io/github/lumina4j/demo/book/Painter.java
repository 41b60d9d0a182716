package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Canvas;
import io.github.lumina4j.demo.Polygon;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Draws smooth areas of one colour; coordinates are pixels from the upper left corner. */
final class Painter {
  private final Canvas canvas;

  Painter(Canvas canvas) {
    this.canvas = canvas;
  }

  void fill(int rgb) {
    canvas.fill(channel -> rgb >> (16 - 8 * channel) & 0xff);
  }

  /** Fills where a signed distance in pixels is negative, mixing on the border. */
  void area(DoubleBinaryOperator distance, int rgb) {
    soft(distance, 0.5, rgb, 1);
  }

  /**
   * Fills where a signed distance is negative.
   *
   * @param fade how far on both sides of the border the colour fades, in pixels
   * @param alpha how strong the colour is inside, 0 to 1
   */
  void soft(DoubleBinaryOperator distance, double fade, int rgb, double alpha) {
    for (int y = 0; y < canvas.side(); y++) {
      for (int x = 0; x < canvas.side(); x++) {
        double far = distance.applyAsDouble(x + 0.5, y + 0.5);
        double covered = Math.max(0, Math.min(1, 0.5 - far / (2 * fade)));
        if (covered > 0) {
          canvas.blend(x, y, rgb, alpha * covered);
        }
      }
    }
  }

  /** Fills all below a curve. */
  void below(DoubleUnaryOperator height, int rgb) {
    area((x, y) -> height.applyAsDouble(x) - y, rgb);
  }

  void box(double left, double top, double right, double bottom, int rgb) {
    area((x, y) -> Math.max(Math.max(left - x, x - right), Math.max(top - y, y - bottom)), rgb);
  }

  void disc(double centerX, double centerY, double radius, int rgb) {
    area((x, y) -> Math.hypot(x - centerX, y - centerY) - radius, rgb);
  }

  void ellipse(double centerX, double centerY, double width, double height, int rgb) {
    area(ellipse(centerX, centerY, width / 2, height / 2), rgb);
  }

  void triangle(double centerX, double top, double halfWidth, double bottom, int rgb) {
    polygon(
        rgb,
        new double[] {centerX, centerX + halfWidth, centerX - halfWidth},
        new double[] {top, bottom, bottom});
  }

  void polygon(int rgb, double[] x, double[] y) {
    area(new Polygon(x, y)::distance, rgb);
  }

  /** Roughly the distance from an ellipse, good near its border. */
  static DoubleBinaryOperator ellipse(
      double centerX, double centerY, double radiusX, double radiusY) {
    return (x, y) -> {
      double relative = Math.hypot((x - centerX) / radiusX, (y - centerY) / radiusY);
      return (relative - 1) * Math.min(radiusX, radiusY);
    };
  }
}

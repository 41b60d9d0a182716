package io.github.lumina4j.demo;

import java.util.Locale;

/** What an object is. */
public enum Shape {
  CIRCLE(0xe6194b, 0, Outlines.circle()),
  SQUARE(0x3cb44b, 0.12, Outlines.square()),
  TRIANGLE(0xffe119, 0.1, Outlines.triangle()),
  STAR(0x4363d8, 0.08, Outlines.star()),
  HEART(0xf032e6, 0, Outlines.heart()),
  CROSS(0x46f0f0, 0.1, Outlines.cross());

  private final int segmentationRgb;
  private final double rounding;
  private final Polygon outline;

  Shape(int segmentationRgb, double rounding, Polygon outline) {
    this.segmentationRgb = segmentationRgb;
    this.rounding = rounding;
    this.outline = outline;
  }

  /** The noun, such as {@code star}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The noun for more than one, such as {@code crosses}. */
  public String plural() {
    return this == CROSS ? "crosses" : word() + "s";
  }

  /** The colour of this class in segmentation maps, {@code 0xRRGGBB}. */
  public int segmentationRgb() {
    return segmentationRgb;
  }

  /**
   * The signed distance of a point from the outline, negative inside.
   *
   * @param x from the centre to the right, in the unit of {@code radius}
   * @param y from the centre downwards
   * @param radius half the side of the square that the shape fills
   */
  double distance(double x, double y, double radius) {
    // A polygon that is smaller by the rounding, grown by it: corners become arcs.
    double grown = rounding * radius;
    double scale = radius - grown;
    return outline.distance(x / scale, y / scale) * scale - grown;
  }
}

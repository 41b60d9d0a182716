package io.github.lumina4j.demo;

import java.util.Locale;

/** What an object is. */
public enum Shape {
  // The colours of segmentation maps are equally far from black: then whatever lies between one of
  // them and black, as on a blurred border, is nearest to one of these two.
  CIRCLE(0xfa3e3e, 0, Outlines.circle()),
  SQUARE(0x3efa3e, 0.12, Outlines.square()),
  TRIANGLE(0xb9b92a, 0.1, Outlines.triangle()),
  STAR(0x3e3efa, 0.08, Outlines.star()),
  HEART(0xb92ab9, 0, Outlines.heart()),
  CROSS(0x2ab9b9, 0.1, Outlines.cross());

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
  public double distance(double x, double y, double radius) {
    // A polygon that is smaller by the rounding, grown by it: corners become arcs.
    double grown = rounding * radius;
    double scale = radius - grown;
    return outline.distance(x / scale, y / scale) * scale - grown;
  }
}

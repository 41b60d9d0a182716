package io.github.lumina4j.demo.book;

/**
 * A stretch of the colour circle, in degrees, clockwise from red over green; it may pass 360.
 *
 * @param from where it begins, 0 to 359
 * @param to where it ends, 0 to 359
 */
public record HueRange(int from, int to) {
  private static final double CIRCLE = 360;

  /** How far a hue lies outside, in degrees; 0 if it is inside. */
  public double distance(double hue) {
    double width = (to - from + CIRCLE) % CIRCLE;
    double past = ((hue - from) % CIRCLE + CIRCLE) % CIRCLE;
    return past <= width ? 0 : Math.min(past - width, CIRCLE - past);
  }

  /** The hue in the middle. */
  public double middle() {
    return (from + (to - from + CIRCLE) % CIRCLE / 2) % CIRCLE;
  }
}

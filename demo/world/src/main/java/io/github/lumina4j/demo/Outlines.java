package io.github.lumina4j.demo;

/** The outlines of the shapes, inside the square from -1 to 1 in both directions, y downwards. */
final class Outlines {
  private static final int CURVE_POINTS = 96;

  private Outlines() {}

  static Polygon circle() {
    double[] x = new double[CURVE_POINTS];
    double[] y = new double[CURVE_POINTS];
    for (int i = 0; i < CURVE_POINTS; i++) {
      double angle = 2 * Math.PI * i / CURVE_POINTS;
      x[i] = Math.cos(angle);
      y[i] = Math.sin(angle);
    }
    return new Polygon(x, y);
  }

  /** Smaller than the box, so that it weighs about as much as the circle. */
  static Polygon square() {
    double h = 0.88;
    return new Polygon(new double[] {-h, h, h, -h}, new double[] {-h, -h, h, h});
  }

  static Polygon triangle() {
    return new Polygon(new double[] {0, 1, -1}, new double[] {-0.95, 0.85, 0.85});
  }

  /** Five points, a little fatter than the pentagram, which would be thin at 20 pixels. */
  static Polygon star() {
    double inner = 0.5;
    double[] x = new double[10];
    double[] y = new double[10];
    for (int i = 0; i < 10; i++) {
      double radius = i % 2 == 0 ? 1.05 : 1.05 * inner;
      double angle = Math.PI * i / 5;
      x[i] = radius * Math.sin(angle);
      y[i] = 0.08 - radius * Math.cos(angle);
    }
    return new Polygon(x, y);
  }

  /** The curve (16 sin^3 t, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t), fitted into the square. */
  static Polygon heart() {
    double[] x = new double[CURVE_POINTS];
    double[] y = new double[CURVE_POINTS];
    for (int i = 0; i < CURVE_POINTS; i++) {
      double t = 2 * Math.PI * i / CURVE_POINTS;
      x[i] = Math.pow(Math.sin(t), 3);
      double up = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
      // The curve reaches from -17 to about 12.
      y[i] = -(up + 2.5) / 15;
    }
    return new Polygon(x, y);
  }

  static Polygon cross() {
    double a = 0.36;
    return new Polygon(
        new double[] {-a, a, a, 1, 1, a, a, -a, -a, -1, -1, -a},
        new double[] {-1, -1, -a, -a, a, a, 1, 1, a, a, -a, -a});
  }
}

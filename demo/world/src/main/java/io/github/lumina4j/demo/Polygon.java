package io.github.lumina4j.demo;

/**
 * A closed polygon.
 *
 * @param x the corners' x, to the right
 * @param y the corners' y, downwards; as many
 */
public record Polygon(double[] x, double[] y) {

  /** The distance of a point from the nearest edge, negative inside (even-odd rule). */
  public double distance(double px, double py) {
    double nearest = Double.POSITIVE_INFINITY;
    boolean inside = false;
    for (int i = 0, j = x.length - 1; i < x.length; j = i++) {
      double edgeX = x[j] - x[i];
      double edgeY = y[j] - y[i];
      double toX = px - x[i];
      double toY = py - y[i];
      double along = (toX * edgeX + toY * edgeY) / (edgeX * edgeX + edgeY * edgeY);
      double t = Math.max(0, Math.min(1, along));
      nearest = Math.min(nearest, Math.hypot(toX - t * edgeX, toY - t * edgeY));
      if (y[i] > py != y[j] > py && px < x[i] + (py - y[i]) * edgeX / edgeY) {
        inside = !inside;
      }
    }
    return inside ? -nearest : nearest;
  }
}

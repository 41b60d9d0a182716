package io.github.lumina4j.demo;

import java.util.Locale;

/** Where one object lies seen from another. */
public enum Relation {
  LEFT_OF(-1, 0),
  RIGHT_OF(1, 0),
  ABOVE(0, -1),
  BELOW(0, 1);

  private final int dx;
  private final int dy;

  Relation(int dx, int dy) {
    this.dx = dx;
    this.dy = dy;
  }

  /** The words between the two objects, such as {@code left of}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The step to the right in this direction: -1, 0 or 1. */
  public int dx() {
    return dx;
  }

  /** The step downwards in this direction: -1, 0 or 1. */
  public int dy() {
    return dy;
  }

  /**
   * Whether {@code a} lies clearly like this of {@code b}: a free cell between the boxes along the
   * direction, and centres at most one cell apart across it.
   */
  public boolean holds(SceneObject a, SceneObject b) {
    double right = (a.centerX() - b.centerX()) / Scene.CELL;
    double down = (a.centerY() - b.centerY()) / Scene.CELL;
    double along = right * dx + down * dy;
    double across = Math.abs(right * dy + down * dx);
    return along > (a.size().cells() + b.size().cells()) / 2.0 && across <= 1;
  }
}

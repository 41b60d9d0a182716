package io.github.lumina4j.demo.book;

import java.util.List;

/** Where one thing is seen from another. */
public enum BookRelation {
  LEFT_OF(-1, 0, List.of("left of", "to the left of", "on the left of")),
  RIGHT_OF(1, 0, List.of("right of", "to the right of", "on the right of")),
  ABOVE(0, -1, List.of("above", "over")),
  BELOW(0, 1, List.of("below", "under", "beneath", "underneath")),
  /** On either side, and near. */
  BESIDE(0, 0, List.of("beside", "next to"));

  // How far centres may be apart across the direction, in cells.
  private static final double ACROSS = 2;
  // How many cells may lie between things that are beside each other.
  private static final double NEAR = 2;

  private final int dx;
  private final int dy;
  private final List<String> words;

  BookRelation(int dx, int dy, List<String> words) {
    this.dx = dx;
    this.dy = dy;
    this.words = words;
  }

  /** The ways to say it, the usual one first. */
  public List<String> words() {
    return words;
  }

  /** The step to the right in this direction: -1, 0 or 1. */
  public int dx() {
    return dx;
  }

  /** The step downwards in this direction: -1, 0 or 1. */
  public int dy() {
    return dy;
  }

  /** Whether {@code a} is clearly like this of {@code b}: the boxes apart in this direction. */
  public boolean holds(PlacedThing a, PlacedThing b) {
    double right = (a.centerX() - b.centerX()) / BookScene.CELL;
    double down = (a.centerY() - b.centerY()) / BookScene.CELL;
    double touching = (a.size().cells() + b.size().cells()) / 2.0;
    if (this == BESIDE) {
      double gap = Math.abs(right) - touching;
      return gap >= 0 && gap <= NEAR && Math.abs(down) <= ACROSS;
    }
    double along = right * dx + down * dy;
    double across = Math.abs(right * dy + down * dx);
    return along >= touching && across <= ACROSS;
  }
}

package io.github.lumina4j.demo.book;

/** The lines of a thing in edge maps: its outline, and where its brightness changes clearly. */
final class EdgeLines {
  // Change of brightness per pixel, in levels of 0 to 255, from which on there is a line.
  private static final double CLEAR = 46;

  private EdgeLines() {}

  /** Which pixels of the box are on a line, [side, side], row-major. */
  static boolean[] of(Sprite sprite) {
    int side = sprite.side();
    boolean[] lines = new boolean[side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        lines[y * side + x] = onOutline(sprite, x, y) || inside(sprite, x, y);
      }
    }
    return lines;
  }

  /** Whether a pixel and one beside it lie on different sides of the outline. */
  private static boolean onOutline(Sprite sprite, int x, int y) {
    boolean in = sprite.covers(x, y);
    return in != sprite.covers(x - 1, y)
        || in != sprite.covers(x + 1, y)
        || in != sprite.covers(x, y - 1)
        || in != sprite.covers(x, y + 1);
  }

  /** Whether the brightness changes most at this pixel, across the direction of the change. */
  private static boolean inside(Sprite sprite, int x, int y) {
    double here = change(sprite, x, y);
    if (here < CLEAR) {
      return false;
    }
    boolean flat = Math.abs(horizontal(sprite, x, y)) >= Math.abs(vertical(sprite, x, y));
    double before = flat ? change(sprite, x - 1, y) : change(sprite, x, y - 1);
    double after = flat ? change(sprite, x + 1, y) : change(sprite, x, y + 1);
    return here >= before && here > after;
  }

  private static double change(Sprite sprite, int x, int y) {
    for (int v = y - 1; v <= y + 1; v++) {
      for (int u = x - 1; u <= x + 1; u++) {
        if (!sprite.covers(u, v)) {
          return 0;
        }
      }
    }
    return Math.hypot(horizontal(sprite, x, y), vertical(sprite, x, y));
  }

  private static double horizontal(Sprite sprite, int x, int y) {
    return (column(sprite, x + 1, y) - column(sprite, x - 1, y)) / 2;
  }

  private static double vertical(Sprite sprite, int x, int y) {
    return (row(sprite, x, y + 1) - row(sprite, x, y - 1)) / 2;
  }

  private static double column(Sprite sprite, int x, int y) {
    return (sprite.luma(x, y - 1) + 2 * sprite.luma(x, y) + sprite.luma(x, y + 1)) / 4;
  }

  private static double row(Sprite sprite, int x, int y) {
    return (sprite.luma(x - 1, y) + 2 * sprite.luma(x, y) + sprite.luma(x + 1, y)) / 4;
  }
}

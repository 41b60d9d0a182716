package io.github.lumina4j.demo;

import java.util.Locale;

/** The size of an object, which is also its distance: what is small is far away. */
public enum ObjectSize {
  SMALL(3, 2, 140),
  LARGE(5, 3, 230);

  private final int cells;
  private final int inset;
  private final int depth;

  ObjectSize(int cells, int inset, int depth) {
    this.cells = cells;
    this.inset = inset;
    this.depth = depth;
  }

  /** The adjective. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The side of the object's box in cells. */
  public int cells() {
    return cells;
  }

  /** The side of the object's box in pixels. */
  public int pixels() {
    return cells * Scene.CELL;
  }

  /** Half the side of the square that the shape fills, in pixels. */
  double radius() {
    return pixels() / 2.0 - inset;
  }

  /** The shadow's shift, and how far it fades out, in pixels: together they stay in the box. */
  double shadow() {
    return inset / 2.0;
  }

  /** The grey of the object in depth maps, 0 to 255; near is bright. */
  public int depth() {
    return depth;
  }
}

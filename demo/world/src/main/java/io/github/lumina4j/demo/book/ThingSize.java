package io.github.lumina4j.demo.book;

import java.util.Locale;

/** The size of a thing in the picture. */
public enum ThingSize {
  SMALL(4, 29, 2),
  LARGE(7, 52, 3);

  private final int cells;
  private final int side;
  private final int floor;

  ThingSize(int cells, int side, int floor) {
    this.cells = cells;
    this.side = side;
    this.floor = floor;
  }

  /** The adjective. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The side of the thing's box in cells. */
  public int cells() {
    return cells;
  }

  /** The side of the thing's box in pixels. */
  public int pixels() {
    return cells * BookScene.CELL;
  }

  /** The side of the square that the thing itself fills, in pixels. */
  int side() {
    return side;
  }

  /** How far above the lower side of its box a thing stands, in pixels: room for its shadow. */
  int floor() {
    return floor;
  }
}

package io.github.lumina4j.demo.book;

import java.util.Objects;

/**
 * One thing of a scene: what it is, and the cell of the upper left corner of its box.
 *
 * @param airborne whether it is in the sky, or hangs in a place without ground; else it stands
 * @param cellX cells from the left
 * @param cellY cells from the top
 */
public record PlacedThing(ThingName name, ThingSize size, boolean airborne, int cellX, int cellY) {
  /**
   * @throws IllegalArgumentException if the box reaches beyond the picture
   */
  public PlacedThing {
    Objects.requireNonNull(name, "name");
    int last = BookScene.CELLS - size.cells();
    if (cellX < 0 || cellX > last || cellY < 0 || cellY > last) {
      throw new IllegalArgumentException(
          "a "
              + (size.word() + " box at cell " + cellX + "," + cellY)
              + " reaches beyond the picture of "
              + (BookScene.CELLS + "x" + BookScene.CELLS + " cells"));
    }
  }

  /** The row of cells below the box: where it stands, from the top. */
  public int foot() {
    return cellY + size.cells();
  }

  /** This thing at another place. */
  public PlacedThing at(int newCellX, int newCellY) {
    return new PlacedThing(name, size, airborne, newCellX, newCellY);
  }

  /** Another thing at this place. */
  public PlacedThing as(ThingName other) {
    return new PlacedThing(other, size, airborne, cellX, cellY);
  }

  /** The x of the centre in pixels. */
  public double centerX() {
    return (cellX + size.cells() / 2.0) * BookScene.CELL;
  }

  /** The y of the centre in pixels. */
  public double centerY() {
    return (cellY + size.cells() / 2.0) * BookScene.CELL;
  }

  /** Whether the boxes have no cell in common, and a free one between them if side by side. */
  public boolean clearOf(PlacedThing other) {
    return cellX + size.cells() < other.cellX
        || other.cellX + other.size.cells() < cellX
        || foot() <= other.cellY
        || other.foot() <= cellY;
  }
}

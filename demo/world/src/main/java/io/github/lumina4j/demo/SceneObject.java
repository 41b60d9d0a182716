package io.github.lumina4j.demo;

import java.util.Objects;

/**
 * One object: what it is, and the cell of the upper left corner of its box.
 *
 * @param cellX cells from the left
 * @param cellY cells from the top
 */
public record SceneObject(Shape shape, ObjectColor color, ObjectSize size, int cellX, int cellY) {

  /**
   * @throws IllegalArgumentException if the box reaches beyond the canvas
   */
  public SceneObject {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(color, "color");
    int last = Scene.CELLS - size.cells();
    if (cellX < 0 || cellX > last || cellY < 0 || cellY > last) {
      throw new IllegalArgumentException(
          "a "
              + (size.word() + " box at cell " + cellX + "," + cellY)
              + " reaches beyond the canvas of "
              + (Scene.CELLS + "x" + Scene.CELLS + " cells"));
    }
  }

  /** What it is called: colour and shape. */
  public ObjectName name() {
    return new ObjectName(shape, color);
  }

  /** This object at another place. */
  public SceneObject at(int newCellX, int newCellY) {
    return new SceneObject(shape, color, size, newCellX, newCellY);
  }

  /** This object in another colour. */
  public SceneObject in(ObjectColor newColor) {
    return new SceneObject(shape, newColor, size, cellX, cellY);
  }

  /** The x of the centre in pixels. */
  public double centerX() {
    return (cellX + size.cells() / 2.0) * Scene.CELL;
  }

  /** The y of the centre in pixels. */
  public double centerY() {
    return (cellY + size.cells() / 2.0) * Scene.CELL;
  }

  /** Whether at least one free cell lies between the boxes. */
  boolean clearOf(SceneObject other) {
    return apart(cellX, size.cells(), other.cellX, other.size.cells())
        || apart(cellY, size.cells(), other.cellY, other.size.cells());
  }

  /** Whether the second stretch of cells begins after a free cell behind the first, or before. */
  private static boolean apart(int from, int length, int otherFrom, int otherLength) {
    return from + length < otherFrom || otherFrom + otherLength < from;
  }
}

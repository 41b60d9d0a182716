package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import io.github.lumina4j.demo.Shape;
import java.util.Optional;

/**
 * An object as found in a picture.
 *
 * @param left the x of the left side of its box in pixels; may lie outside the picture
 * @param top the y of the upper side
 * @param match how well the shape fits: intersection over union, 0 to 1
 */
public record SeenObject(
    Shape shape, ObjectColor color, ObjectSize size, int left, int top, double match) {

  /** Colour and shape. */
  public ObjectName name() {
    return new ObjectName(shape, color);
  }

  /** The x of the centre in pixels. */
  public double centerX() {
    return left + size.pixels() / 2.0;
  }

  /** The y of the centre in pixels. */
  public double centerY() {
    return top + size.pixels() / 2.0;
  }

  /** The object at the nearest cell, or none if that lies outside the canvas. */
  Optional<SceneObject> snapped() {
    int cellX = Math.floorDiv(left + Scene.CELL / 2, Scene.CELL);
    int cellY = Math.floorDiv(top + Scene.CELL / 2, Scene.CELL);
    int last = Scene.CELLS - size.cells();
    return cellX < 0 || cellX > last || cellY < 0 || cellY > last
        ? Optional.empty()
        : Optional.of(new SceneObject(shape, color, size, cellX, cellY));
  }
}

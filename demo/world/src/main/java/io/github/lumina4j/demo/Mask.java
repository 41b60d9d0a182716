package io.github.lumina4j.demo;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One shape in one size, as signed distances of the pixels of its box from the outline.
 *
 * @param side pixels
 * @param distance [side, side] in pixels, row-major, negative inside
 * @param shadow [side, side], the same for the shape's shadow
 */
record Mask(int side, float[] distance, float[] shadow) {
  private record Key(Shape shape, ObjectSize size) {}

  private static final Map<Key, Mask> ALL =
      Stream.of(Shape.values())
          .flatMap(shape -> Stream.of(ObjectSize.values()).map(size -> new Key(shape, size)))
          .collect(Collectors.toUnmodifiableMap(key -> key, key -> draw(key.shape, key.size)));

  static Mask of(Shape shape, ObjectSize size) {
    return ALL.get(new Key(shape, size));
  }

  private static Mask draw(Shape shape, ObjectSize size) {
    int side = size.pixels();
    float[] distance = new float[side * side];
    float[] shadow = new float[side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double fromX = x + 0.5 - side / 2.0;
        double fromY = y + 0.5 - side / 2.0;
        distance[y * side + x] = (float) shape.distance(fromX, fromY, size.radius());
        shadow[y * side + x] =
            (float) shape.distance(fromX - size.shadow(), fromY - size.shadow(), size.radius());
      }
    }
    return new Mask(side, distance, shadow);
  }

  /** How much of a pixel lies in the shape, 0 to 1. */
  double coverage(int index) {
    return clamp(0.5 - distance[index]);
  }

  /** The value, brought into the range 0 to 1. */
  static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }
}

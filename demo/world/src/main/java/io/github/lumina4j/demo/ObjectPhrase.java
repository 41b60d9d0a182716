package io.github.lumina4j.demo;

import java.util.List;
import java.util.Objects;

/**
 * Objects as a caption names them: {@code a large red star}, {@code three stars}. What it leaves
 * unsaid is null.
 *
 * @param count how many, 1 to {@link Scene#MAX_OBJECTS}
 * @param color null if unsaid
 * @param size null if unsaid
 */
public record ObjectPhrase(int count, Shape shape, ObjectColor color, ObjectSize size) {
  private static final List<String> NUMBERS = List.of("two", "three", "four");

  /**
   * @throws IllegalArgumentException if the count is out of range
   */
  public ObjectPhrase {
    Objects.requireNonNull(shape, "shape");
    if (count < 1 || count > Scene.MAX_OBJECTS) {
      throw new IllegalArgumentException(count + " objects in a caption");
    }
  }

  /** One object of that name. */
  static ObjectPhrase of(ObjectName name) {
    return new ObjectPhrase(1, name.shape(), name.color(), null);
  }

  /** Whether an object of that shape, colour and size may be meant. */
  public boolean matches(Shape otherShape, ObjectColor otherColor, ObjectSize otherSize) {
    return shape == otherShape
        && (color == null || color == otherColor)
        && (size == null || size == otherSize);
  }

  /** The words, such as {@code an orange star}. */
  public String text() {
    StringBuilder words = new StringBuilder();
    if (size != null) {
      words.append(size.word()).append(' ');
    }
    if (color != null) {
      words.append(color.word()).append(' ');
    }
    words.append(count == 1 ? shape.word() : shape.plural());
    if (count > 1) {
      return NUMBERS.get(count - 2) + " " + words;
    }
    return ("aeiou".indexOf(words.charAt(0)) < 0 ? "a " : "an ") + words;
  }
}

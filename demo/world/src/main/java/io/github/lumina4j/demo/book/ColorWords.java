package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.ObjectColor;
import java.util.List;

/** What people call the colours. */
final class ColorWords {
  private ColorWords() {}

  /** The words for a colour, the usual one first. */
  static List<String> of(ObjectColor color) {
    return switch (color) {
      case CYAN -> List.of("cyan", "turquoise", "light blue");
      case PURPLE -> List.of("purple", "violet");
      default -> List.of(color.word());
    };
  }
}

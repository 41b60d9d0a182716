package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The argument of {@code --lora}: a path and, after a colon, the scale. */
final class AdapterArgument {
  private AdapterArgument() {}

  /**
   * The scale is what follows the last colon if that is a number, and 1 otherwise. A path that
   * exists is taken as it is, however it ends.
   *
   * @throws IllegalArgumentException if there is no path, or the scale is not finite
   */
  static Adapter parse(String text) {
    int colon = text.lastIndexOf(':');
    if (text.isEmpty() || colon == 0) {
      throw new IllegalArgumentException(
          "'" + text + "' names no adapter; write its path, or path and scale as PATH:0.5");
    }
    Path whole = Path.of(text);
    if (colon < 0 || Files.exists(whole)) {
      return Adapter.of(whole);
    }
    double scale;
    try {
      scale = Double.parseDouble(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      return Adapter.of(whole);
    }
    return new Adapter(Path.of(text.substring(0, colon)), scale);
  }
}

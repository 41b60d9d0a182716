package io.github.lumina4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The argument of {@code --data}: a path and, after a colon, its share.
 *
 * @param share 1 if none is given
 */
record DataArgument(Path path, double share) {
  /** A file whose name ends like a share is taken as it is. */
  static DataArgument parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || Files.exists(Path.of(text))) {
      return new DataArgument(Path.of(text), 1);
    }
    String share = text.substring(colon + 1);
    try {
      return new DataArgument(Path.of(text.substring(0, colon)), Double.parseDouble(share));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + share + "' is no number; write the path, or the path and its share as PATH:0.5");
    }
  }
}

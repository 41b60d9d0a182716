package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Writes what took long to make. If its own file cannot be written at the last moment, it goes to
 * another name in the same folder, else to the temporary folder, rather than being lost.
 */
final class Rescue {
  /**
   * What became of it.
   *
   * @param file that it went to
   * @param problem why that is not the file that was asked for; null if it is
   */
  record Written(Path file, LuminaException problem) {}

  private Rescue() {}

  /** Writes a picture that knows how it was made; {@code request} is null if that is not known. */
  static Written picture(
      Path file, RgbImage picture, RequestRecord request, Map<String, String> more) {
    return write(
        file,
        "picture",
        ".png",
        path -> {
          if (request == null) {
            ImageFiles.write(path, picture);
          } else {
            PictureText.write(path, picture, request, more);
          }
        });
  }

  /** Writes the codes of a picture. */
  static Written codes(Path file, TokenFile codes) {
    return write(file, "codes", ".json", codes::write);
  }

  /** Writes a text. */
  static Written text(Path file, String text) {
    return write(file, "text", ".json", path -> TextFiles.write(path, text));
  }

  /**
   * Writes with {@code writer}.
   *
   * @param what it is, for the message
   * @param extension of another name, with its dot
   * @throws LuminaException if it cannot be written anywhere
   */
  private static Written write(Path file, String what, String extension, Consumer<Path> writer) {
    LuminaException problem;
    try {
      writer.accept(file);
      return new Written(file, null);
    } catch (LuminaException e) {
      problem = e;
    }
    for (Path other : otherPlaces(file, extension)) {
      try {
        writer.accept(other);
        return new Written(
            other,
            new LuminaException(
                ErrorCode.IO,
                problem.getMessage() + "; the " + what + " was written to " + other + " instead",
                problem));
      } catch (LuminaException e) {
        problem.addSuppressed(e);
      }
    }
    throw problem;
  }

  private static List<Path> otherPlaces(Path file, String extension) {
    long any = ThreadLocalRandom.current().nextLong(1L << 40);
    String name = "lumina-rescued-" + Long.toString(any, 36) + extension;
    return List.of(
        Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("")).resolve(name),
        Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve(name));
  }
}

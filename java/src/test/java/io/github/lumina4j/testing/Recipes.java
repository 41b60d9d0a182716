package io.github.lumina4j.testing;

import io.github.lumina4j.RecipeCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Checkpoints made by formula, written once per JVM and removed at its end. */
public final class Recipes {
  private static Path tiny;

  private Recipes() {}

  /** The smallest complete checkpoint: two layers, 64 image codes. */
  public static synchronized Path tiny() {
    if (tiny == null) {
      try {
        Path parent = Files.createTempDirectory("lumina-test");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(parent)));
        Path folder = parent.resolve("tiny");
        RecipeCheckpoint.write(folder, RecipeCheckpoint.Options.of("tiny"));
        tiny = folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return tiny;
  }

  /** A copy to damage. */
  public static Path copyOfTiny(Path target) throws IOException {
    Path source = tiny();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
    }
    return target;
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

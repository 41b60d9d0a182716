package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.model.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The checkpoints that {@code recipe:PRESET} stands for: made when first asked for, then kept in
 * the cache folder, one for each version of the program.
 */
final class RecipeModels {
  /** The presets there are. */
  static final List<String> PRESETS = List.of("tiny", "small", "2b", "7b");

  private static final String PREFIX = "recipe:";

  private final Environment environment;
  private final Consumer<String> note;

  /** {@code note} tells the user what is going on. */
  RecipeModels(Environment environment, Consumer<String> note) {
    this.environment = environment;
    this.note = note;
  }

  /**
   * The preset in {@code recipe:PRESET}; empty if the text is no recipe.
   *
   * @throws IllegalArgumentException if there is no such preset
   */
  static Optional<String> preset(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return Optional.of(checked(text.substring(PREFIX.length())));
  }

  /** The preset's name. */
  static String checked(String preset) {
    if (!PRESETS.contains(preset)) {
      throw new IllegalArgumentException(
          "unknown recipe '" + preset + "'; known: " + String.join(", ", PRESETS));
    }
    return preset;
  }

  /** The checkpoint folder of a preset. */
  Path folder(String preset) {
    note.accept(
        "recipe:" + preset + ": its weights come from a formula, so the picture will be noise");
    Path folder =
        CacheFolder.of(environment.variables())
            .resolve("recipes")
            .resolve(preset + "-" + Version.NUMBER);
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      make(preset, folder);
    }
    return folder;
  }

  /** Made under a name of its own and moved, so that two programs may do it at once. */
  private void make(String preset, Path folder) {
    note.accept("writing " + folder + " (once)");
    Path work = null;
    try {
      Files.createDirectories(folder.getParent());
      work = Files.createTempDirectory(folder.getParent(), preset + ".");
      Path made = work.resolve("checkpoint");
      environment.backend().writeRecipe(made, RecipeCheckpoint.Options.of(preset));
      try {
        Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (!Files.isRegularFile(folder.resolve("config.json"))) {
          throw e;
        }
      }
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write recipe checkpoint " + folder + ": " + TextFiles.reason(e), e);
    } finally {
      delete(work);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // What stays behind is in the cache folder, under a name that nothing reads.
    }
  }
}

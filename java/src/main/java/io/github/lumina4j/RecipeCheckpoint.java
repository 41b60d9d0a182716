package io.github.lumina4j;

import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.Natives;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Complete checkpoint folders with weights made by a formula: any size, the released format, no
 * download. They draw noise; they are for tests, benches and trying things out.
 */
public final class RecipeCheckpoint {
  private RecipeCheckpoint() {}

  /**
   * Which checkpoint.
   *
   * @param preset {@code tiny} (small vocabulary, seconds), {@code small}, {@code 2b} or {@code 7b}
   * @param layers number of transformer layers, 0 for the preset's own
   * @param precision of the stored weights: bf16 or fp32
   * @param imageTokenizer {@code tiny}, {@code small} or {@code 270m}, empty for the preset's own
   * @param salt another salt, other weights; usually empty
   */
  public record Options(
      String preset, int layers, String precision, String imageTokenizer, String salt) {
    public Options {
      Objects.requireNonNull(preset, "preset");
      Objects.requireNonNull(precision, "precision");
      Objects.requireNonNull(imageTokenizer, "imageTokenizer");
      Objects.requireNonNull(salt, "salt");
    }

    /** A preset as it is, in bf16. */
    public static Options of(String preset) {
      Objects.requireNonNull(preset, "preset");
      return new Options(preset, 0, "bf16", "", "");
    }
  }

  /**
   * Writes the folder, to the side first; an existing folder with anything in it is refused.
   *
   * @throws LuminaException {@link ErrorCode#INVALID_ARGUMENT} for unknown options, {@link
   *     ErrorCode#IO} if it cannot be written
   */
  public static void write(Path folder, Options options) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(options, "options");
    Natives.writeRecipe(folder, Json.write(options));
  }
}

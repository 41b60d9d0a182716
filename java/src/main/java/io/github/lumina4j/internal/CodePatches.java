package io.github.lumina4j.internal;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A patch of 8x8 pixels for every code of an image tokenizer, for previews. The engine fits them;
 * they are kept as a picture in the cache, under a hash of the image tokenizer that does not read
 * the whole file, which may be a gigabyte.
 */
public final class CodePatches {
  private static final System.Logger LOG = System.getLogger(CodePatches.class.getName());

  private static final int SIDE = ImageCodes.PIXELS;
  private static final int ROW_BYTES = SIDE * RgbImage.CHANNELS;
  private static final int PATCH_BYTES = SIDE * ROW_BYTES;

  // Another way to fit them gets another number, so that no older file is taken for it.
  private static final int FIT = 1;

  private final byte[] patches; // [code, SIDE, SIDE, 3]

  private CodePatches(RgbImage column) {
    patches = column.pixels();
  }

  /**
   * The patches of {@code imageTokenizer}: from the cache, or fitted and put there. A cache that
   * cannot be written costs the time of the fit and nothing else.
   *
   * @param cache the folder of all caches; need not exist
   * @param fit makes the patches, one below the other
   */
  public static CodePatches of(Path imageTokenizer, Path cache, Supplier<RgbImage> fit) {
    if (!Files.isRegularFile(imageTokenizer)) { // a folder of parts has no hash of its own
      return new CodePatches(fit.get());
    }
    Path file =
        cache
            .resolve("previews")
            .resolve("patches-" + FIT + "-" + Sha256.sampled(imageTokenizer) + ".png");
    Optional<RgbImage> kept = read(file);
    if (kept.isPresent()) {
      return new CodePatches(kept.get());
    }
    RgbImage fitted = fit.get();
    try {
      Files.createDirectories(file.getParent());
      ImageFiles.write(file, fitted);
    } catch (IOException | LuminaException e) {
      LOG.log(System.Logger.Level.WARNING, "previews will be fitted again: {0}", e.getMessage());
    }
    return new CodePatches(fitted);
  }

  /** What an earlier run has left; empty if nothing, or nothing that can be used. */
  private static Optional<RgbImage> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ImageFiles.read(file))
          .filter(column -> column.width() == SIDE && column.height() % SIDE == 0);
    } catch (LuminaException e) {
      return Optional.empty();
    }
  }

  /**
   * The patches of {@code codes}, put together.
   *
   * @throws IllegalArgumentException if a code has no patch
   */
  public RgbImage paint(ImageCodes codes) {
    int[] values = codes.values();
    int columns = codes.columns();
    byte[] pixels = new byte[Math.multiplyExact(values.length, PATCH_BYTES)];
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= patches.length / PATCH_BYTES) {
        throw new IllegalArgumentException(
            "code " + values[i] + " is outside 0.." + (patches.length / PATCH_BYTES - 1));
      }
      int left = i % columns;
      int top = i / columns * SIDE;
      for (int y = 0; y < SIDE; y++) {
        System.arraycopy(
            patches,
            values[i] * PATCH_BYTES + y * ROW_BYTES,
            pixels,
            ((top + y) * columns + left) * ROW_BYTES,
            ROW_BYTES);
      }
    }
    return new RgbImage(columns * SIDE, codes.rows() * SIDE, pixels);
  }
}

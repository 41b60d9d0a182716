package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where an evaluation leaves its pictures, its contact sheet and {@code results.json}. */
final class EvaluationFolder {
  private static final String PICTURES = "pictures";

  private final Path folder;
  private final EvaluationSheet sheet = new EvaluationSheet();

  /**
   * Makes the folder if it is not there.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if that fails
   */
  EvaluationFolder(Path folder) {
    this.folder = folder;
    create(folder.resolve(PICTURES));
  }

  /** Makes a folder and those above it. */
  static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot make folder " + folder + ": " + TextFiles.reason(e), e);
    }
  }

  /** The sheet that {@link #write} writes. */
  EvaluationSheet sheet() {
    return sheet;
  }

  /** Writes the picture of an answer; its name relative to the folder. */
  String picture(EvaluationItem item, int number, int sample, RgbImage picture) {
    String name =
        String.format(Locale.ROOT, "%s/%s-%03d-%d.png", PICTURES, item.group(), number, sample);
    ImageFiles.write(folder.resolve(name), picture);
    return name;
  }

  /** Writes the results and the sheet. */
  void write(EvaluationReport report) {
    TextFiles.write(folder.resolve("results.json"), JsonText.of(report) + "\n");
    if (!sheet.isEmpty()) {
      ImageFiles.write(folder.resolve("contact-sheet.png"), sheet.image());
    }
  }

  /** The same after a failure, which is what the user hears of, whatever happens here. */
  void keep(EvaluationReport report, LuminaException failure) {
    try {
      write(report);
    } catch (LuminaException e) {
      failure.addSuppressed(e);
    }
  }
}

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
import java.util.Map;

/** Where an evaluation leaves its pictures, its contact sheet and {@code results.json}. */
final class EvaluationFolder {
  private static final String PICTURES = "pictures";
  private static final String RESULTS = "results.json";
  private static final String SHEET = "contact-sheet.png";
  private static final int NAME = 40;

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
    TextFiles.checkWritable(folder.resolve(RESULTS));
    ImageFiles.checkWritable(folder.resolve(SHEET));
    // As long as the longest of their names.
    ImageFiles.checkWritable(folder.resolve(PICTURES).resolve("x".repeat(NAME) + ".png"));
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

  /** Writes the picture of an answer; its name relative to the folder, or where else it went. */
  String picture(
      EvaluationItem item, int number, int sample, RgbImage picture, Unwritten unwritten) {
    String name =
        String.format(Locale.ROOT, "%s/%s-%03d-%d.png", PICTURES, item.group(), number, sample);
    Path file = folder.resolve(name);
    Path written = unwritten.file(Rescue.picture(file, picture, null, Map.of()));
    return written.equals(file) ? name : written.toString();
  }

  /** Writes the results and the sheet. */
  void write(EvaluationReport report, Unwritten unwritten) {
    unwritten.unless(
        () -> unwritten.file(Rescue.text(folder.resolve(RESULTS), JsonText.of(report) + "\n")));
    if (!sheet.isEmpty()) {
      unwritten.unless(() -> ImageFiles.write(folder.resolve(SHEET), sheet.image()));
    }
  }

  /** The same after a failure, which is what the user hears of, whatever happens here. */
  void keep(EvaluationReport report, LuminaException failure, Unwritten unwritten) {
    try {
      write(report, unwritten);
    } catch (LuminaException e) {
      failure.addSuppressed(e);
    }
  }
}

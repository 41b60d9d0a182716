package io.github.lumina4j.cli;

import io.github.lumina4j.Preview;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to see a picture while it is drawn, and what becomes of one that is cancelled. */
final class PreviewOptions {
  private static final int USUAL_ROWS = 4;

  @Option(
      names = "--preview",
      paramLabel = "FILE.png",
      description =
          "Show the picture so far in this file, which is replaced every few rows. The newest rows may"
              + " be in rough colours; a checkerboard stands where nothing is drawn yet.")
  private Path file;

  @Option(
      names = "--preview-rows",
      paramLabel = "N",
      description = "Rows of 8 pixels from one preview to the next (default: 4).")
  private Integer rows;

  @Option(
      names = "--preview-decoder",
      description =
          "Decode all rows each time, which takes as long as decoding the picture. By default that is"
              + " done as far as it takes no more than a fifth of the time.")
  private boolean decoder;

  @Option(
      names = "--keep-partial",
      description =
          "Write a picture that is cancelled as far as it is drawn, with a checkerboard below; its"
              + " metadata says so. A second Ctrl-C ends without.")
  private boolean keepPartial;

  /** The file for previews, if they are wanted. */
  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Whether pictures are looked at before they are finished. */
  boolean wanted() {
    return file != null || keepPartial;
  }

  boolean keepPartial() {
    return keepPartial;
  }

  /**
   * Checks what was given.
   *
   * @param others files that will be written
   * @throws IllegalArgumentException if the options contradict each other
   * @throws io.github.lumina4j.LuminaException if the file cannot be written
   */
  void check(List<Path> others) {
    if (file == null) {
      if (rows != null || decoder) {
        throw new IllegalArgumentException(
            (rows != null ? "--preview-rows" : "--preview-decoder") + " needs --preview");
      }
      return;
    }
    if (rows != null && rows < 1) {
      throw new IllegalArgumentException("--preview-rows must be 1 or more, not " + rows);
    }
    if (ImageFiles.checkWritable(file) != ImageFormat.PNG) {
      throw new IllegalArgumentException("--preview " + file + ": a .png file is needed");
    }
    Path own = normal(file);
    if (others.stream().anyMatch(other -> normal(other).equals(own))) {
      throw new IllegalArgumentException(file + " would be written twice");
    }
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Whether {@code preview} is to be shown, if one of {@code shown} rows was the last. */
  boolean due(Preview preview, int shown) {
    return file != null
        && (preview.rowsDone() - shown >= (rows == null ? USUAL_ROWS : rows)
            || preview.rowsDone() == preview.rowsTotal());
  }

  /** Writes {@code panel} of a preview to its file. */
  void write(Preview preview, Panel panel) {
    ImageFiles.write(file, panel.of(decoder ? preview.decoded() : preview.image()));
  }
}

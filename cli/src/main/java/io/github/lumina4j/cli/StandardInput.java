package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ReadOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard input, for which {@code -} stands in the place of a file or a prompt. */
final class StandardInput extends FilterInputStream {
  /** What stands for a standard stream. */
  static final String NAME = "-";

  /** What messages call it. */
  static final String TITLE = "standard input";

  private StandardInput(InputStream in) {
    super(in);
  }

  /** A stream that people type: nobody reads it who was not asked to. */
  static InputStream typed(InputStream in) {
    return new StandardInput(in);
  }

  /** Standard input of this process, which {@code in} reads. */
  static InputStream of(InputStream in) {
    return isTerminal(0) ? typed(in) : in;
  }

  /** Whether people type what {@code in} reads. */
  static boolean isTyped(InputStream in) {
    return in instanceof StandardInput;
  }

  /** Whether {@code file} stands for a standard stream. */
  static boolean is(Path file) {
    return file.toString().equals(NAME);
  }

  /** The picture in a file, or that which comes through {@code in}. */
  static RgbImage picture(Path file, InputStream in, ReadOptions options) {
    return is(file) ? ImageFiles.read(in, TITLE, options) : ImageFiles.read(file, options);
  }

  /** Whether an open file of this process is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.startsWith("/dev/console");
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return false;
    }
  }
}

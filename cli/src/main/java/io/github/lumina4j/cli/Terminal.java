package io.github.lumina4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Where standard error leads. {@link System#console} tells of standard input and output only, so
 * the open file is looked at by its name under /proc.
 *
 * @param interactive whether it is a terminal that understands a carriage return
 * @param columns its width in characters
 */
record Terminal(boolean interactive, int columns) {
  /** A file, a pipe or nothing. */
  static final Terminal NONE = new Terminal(false, 80);

  private static final int USUAL_COLUMNS = 80;
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  /** The terminal behind standard error, if it is one. */
  static Terminal ofStandardError() {
    try {
      Path device = Files.readSymbolicLink(STANDARD_ERROR);
      boolean terminal =
          device.startsWith("/dev/pts")
              || device.startsWith("/dev/console")
              || device.toString().startsWith("/dev/tty");
      if (!terminal || "dumb".equals(System.getenv("TERM"))) {
        return NONE;
      }
      return new Terminal(true, columns(device.toFile()));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return NONE;
    }
  }

  /** The width as {@code stty} tells it. */
  private static int columns(File device) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(device)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      int columns = Integer.parseInt(answer.strip().replaceFirst(".* ", ""));
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException | NumberFormatException e) {
      return USUAL_COLUMNS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_COLUMNS;
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;
import java.io.PrintWriter;

/** Shows on standard error how far one picture is. */
interface ProgressDisplay extends ProgressListener, AutoCloseable {
  /** Ends the display, whether or not the picture was finished. */
  @Override
  void close();

  /** The display that fits: a bar on a terminal, lines elsewhere, nothing if quiet. */
  static ProgressDisplay of(Terminal terminal, boolean quiet, PrintWriter err, String title) {
    if (quiet) {
      return new Silent();
    }
    return terminal.interactive()
        ? new ProgressBars(err, terminal, title)
        : new ProgressLines(err, title);
  }

  /** What a phase is called. */
  static String words(Progress.Phase phase) {
    return switch (phase) {
      case ENCODE -> "encoding the given picture";
      case PREFILL -> "reading the prompt";
      case DECODE -> "drawing";
      case IMAGE_DECODE -> "decoding the picture";
    };
  }

  /** Shows nothing. */
  final class Silent implements ProgressDisplay {
    @Override
    public void onProgress(Progress progress) {}

    @Override
    public void close() {}
  }
}

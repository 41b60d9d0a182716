package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;
import java.io.PrintWriter;

/** Progress on a terminal: one bar that counts rows. */
final class ProgressBars implements ProgressDisplay {
  private final Bar bar;
  private final Pace pace = new Pace();

  ProgressBars(PrintWriter err, Terminal terminal, String title) {
    bar = new Bar(err, terminal, title, "rows");
  }

  @Override
  public void onProgress(Progress progress) {
    boolean drawing = progress.phase() == Progress.Phase.DECODE;
    if (drawing) {
      pace.step(progress);
    }
    bar.show(
        progress.rowsDone(),
        progress.rowsTotal(),
        pace.secondsLeft(),
        drawing
            ? Units.decimal(pace.perSecond(), 1) + " tokens/s"
            : ProgressDisplay.words(progress.phase()));
  }

  @Override
  public void close() {
    bar.close();
  }
}

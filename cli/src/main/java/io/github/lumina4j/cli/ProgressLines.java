package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;
import java.io.PrintWriter;

/** Progress for a log: a line for each phase, each tenth of the rows, and every ten seconds. */
final class ProgressLines implements ProgressDisplay {
  private static final double SECONDS_BETWEEN_LINES = 10;

  private final PrintWriter err;
  private final String title;
  private final Pace pace = new Pace();
  private Progress.Phase phase;
  private long tenths;
  private double shownAt;

  ProgressLines(PrintWriter err, String title) {
    this.err = err;
    this.title = title;
  }

  @Override
  public void onProgress(Progress progress) {
    boolean newPhase = progress.phase() != phase;
    phase = progress.phase();
    if (phase != Progress.Phase.DECODE) {
      if (newPhase) {
        show(progress, ProgressDisplay.words(phase));
      }
      return;
    }
    pace.step(progress);
    long nowTenths =
        progress.rowsTotal() > 0 ? 10L * progress.rowsDone() / progress.rowsTotal() : 0;
    boolean due = progress.seconds() - shownAt >= SECONDS_BETWEEN_LINES;
    if (newPhase) {
      tenths = nowTenths;
      show(progress, ProgressDisplay.words(phase));
    } else if (nowTenths > tenths || due) {
      tenths = nowTenths;
      show(progress, rows(progress));
    }
  }

  private String rows(Progress progress) {
    StringBuilder text = new StringBuilder("row ").append(progress.rowsDone());
    if (progress.rowsTotal() > 0) {
      text.append(" of ").append(progress.rowsTotal());
    }
    text.append(", ").append(Units.decimal(pace.perSecond(), 1)).append(" tokens/s");
    if (pace.secondsLeft() >= 0) {
      text.append(", ").append(Units.duration(pace.secondsLeft())).append(" left");
    }
    return text.toString();
  }

  private void show(Progress progress, String text) {
    shownAt = progress.seconds();
    err.println(title + ": " + text);
    err.flush();
  }

  @Override
  public void close() {}
}

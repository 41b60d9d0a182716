package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Progress on a terminal: one bar that counts rows. The bar writes through a consumer of ours,
 * since the library's own looks at the terminal through a package that takes over Ctrl-C.
 */
final class ProgressBars implements ProgressDisplay {
  private static final int INTERVAL_MILLIS = 250;

  private final PrintWriter err;
  private final int columns;
  private final String title;
  private final Pace pace = new Pace();
  private ProgressBar bar;

  ProgressBars(PrintWriter err, int columns, String title) {
    this.err = err;
    this.columns = columns;
    this.title = title;
  }

  @Override
  public void onProgress(Progress progress) {
    if (progress.phase() == Progress.Phase.DECODE) {
      synchronized (pace) {
        pace.step(progress);
      }
    }
    if (bar == null) {
      bar = build(progress);
    }
    if (progress.rowsTotal() > 0) {
      bar.maxHint(progress.rowsTotal());
    }
    bar.stepTo(progress.rowsDone());
    bar.setExtraMessage(
        progress.phase() == Progress.Phase.DECODE
            ? Units.decimal(pace.tokensPerSecond(), 1) + " tokens/s"
            : ProgressDisplay.words(progress.phase()));
  }

  private ProgressBar build(Progress progress) {
    return builder(err, columns, title, " rows")
        .setInitialMax(progress.rowsTotal() > 0 ? progress.rowsTotal() : -1)
        .startsFrom(progress.rowsDone(), Duration.ZERO)
        .setEtaFunction(state -> timeLeft())
        .build();
  }

  /** How every bar of the program looks, and where it is drawn. */
  static ProgressBarBuilder builder(PrintWriter err, int columns, String title, String unit) {
    return new ProgressBarBuilder()
        .setTaskName(title)
        .setUnit(unit, 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setConsumer(new DelegatingProgressBarConsumer(line -> draw(err, line), columns - 1));
  }

  /** Called on the thread that draws the bar. */
  private Optional<Duration> timeLeft() {
    synchronized (pace) {
      double seconds = pace.secondsLeft();
      return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.round(seconds)));
    }
  }

  private static void draw(PrintWriter err, String line) {
    err.print("\r" + line);
    err.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      err.println();
      err.flush();
    }
  }
}

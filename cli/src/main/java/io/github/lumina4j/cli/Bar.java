package io.github.lumina4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on a terminal. It writes through a consumer of ours, since the library's own looks
 * at the terminal through a package that takes over Ctrl-C.
 */
final class Bar implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 250;

  private final PrintWriter err;
  private final int columns;
  private final String title;
  private final String unit;
  private volatile double secondsLeft = -1;
  private ProgressBar bar;

  Bar(PrintWriter err, int columns, String title, String unit) {
    this.err = err;
    this.columns = columns;
    this.title = title;
    this.unit = unit;
  }

  /**
   * Shows how far things are.
   *
   * @param total 0 if not known
   * @param left seconds to the end; negative if not known
   */
  void show(long done, long total, double left, String message) {
    secondsLeft = left;
    if (bar == null) {
      bar = build(done, total);
    }
    if (total > 0) {
      bar.maxHint(total);
    }
    bar.stepTo(done);
    bar.setExtraMessage(message);
  }

  private ProgressBar build(long done, long total) {
    return new ProgressBarBuilder()
        .setTaskName(title)
        .setInitialMax(total > 0 ? total : -1)
        .startsFrom(done, Duration.ZERO)
        .setUnit(" " + unit, 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setEtaFunction(state -> timeLeft())
        .setConsumer(new DelegatingProgressBarConsumer(this::draw, columns - 1))
        .build();
  }

  /** Called on the thread that draws the bar. */
  private Optional<Duration> timeLeft() {
    double seconds = secondsLeft;
    return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.round(seconds)));
  }

  private void draw(String line) {
    err.print("\r" + line);
    err.flush();
  }

  /** Ends the bar's line; nothing is printed if the bar never began. */
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

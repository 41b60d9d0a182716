package io.github.lumina4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressState;

/**
 * A progress bar on a terminal. It writes through a consumer of ours, since the library's own looks
 * at the terminal through a package that takes over Ctrl-C. After each drawing the cursor goes back
 * to the beginning of the line, and before the next everything from there on is cleared: wherever a
 * narrower window has put the rest of a line, nothing of it stays.
 */
final class Bar implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 250;

  /** Takes the line away that the cursor is on, and what is below. */
  static final String CLEAR = "\r\033[J";

  private final PrintWriter err;
  private final Terminal terminal;
  private final BarText text;
  private volatile double secondsLeft = -1;
  private ProgressBar bar;
  private String drawn = ""; // guarded by this

  Bar(PrintWriter err, Terminal terminal, String title, String unit) {
    this.err = err;
    this.terminal = terminal;
    text = new BarText(title, unit);
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
        .setInitialMax(total > 0 ? total : -1)
        .startsFrom(done, Duration.ZERO)
        .setUpdateIntervalMillis(INTERVAL_MILLIS)
        .setRenderer(this::render)
        .setConsumer(new Line())
        .build();
  }

  private String render(ProgressState state, int width) {
    return text.fit(
        state.getCurrent(),
        state.isIndefinite() ? 0 : state.getMax(),
        state.getElapsedAfterStart().toMillis() / 1e3,
        secondsLeft,
        state.getExtraMessage(),
        width);
  }

  /** Takes the bar away for a line that stays; it is drawn again below. */
  synchronized void clear() {
    if (!drawn.isEmpty()) {
      err.print(CLEAR);
      err.flush();
    }
  }

  private synchronized void draw(String line) {
    err.print(CLEAR + line + "\r");
    err.flush();
    drawn = line;
  }

  /** Ends the bar and leaves nothing of it. */
  void remove() {
    if (bar != null) {
      bar.close();
      bar = null;
      clear();
    }
  }

  /** Ends the bar's line, on which it stays; nothing is printed if the bar never began. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      synchronized (this) {
        err.println(CLEAR + drawn);
        err.flush();
        drawn = "";
      }
    }
  }

  /** Where the library writes. */
  private final class Line implements ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return Math.max(1, terminal.columns() - 1);
    }

    @Override
    public void accept(String line) {
      draw(line);
    }

    @Override
    public void close() {}
  }
}

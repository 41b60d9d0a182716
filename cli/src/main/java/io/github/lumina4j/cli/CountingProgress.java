package io.github.lumina4j.cli;

import java.io.PrintWriter;

/** Shows on standard error how many of many equal things are done. */
abstract class CountingProgress implements AutoCloseable {
  private final PrintWriter err;

  private CountingProgress(PrintWriter err) {
    this.err = err;
  }

  /** The display that fits: a bar on a terminal, lines elsewhere, nothing if quiet. */
  static CountingProgress of(
      Terminal terminal, boolean quiet, PrintWriter err, String unit, long total) {
    if (quiet) {
      return new Silent(err);
    }
    return terminal.interactive()
        ? new OneBar(err, terminal, unit, total)
        : new Lines(err, unit, total);
  }

  /** So many are done. */
  final void stepTo(long done) {
    stepTo(done, "");
  }

  /** The same with a word on how it goes; empty for none. */
  abstract void stepTo(long done, String remark);

  /** Shows an error, on a line of its own. */
  void say(String line) {
    err.println(line);
    err.flush();
  }

  /** Makes place for a line on standard output, which may lead to the same terminal. */
  void clear() {}

  /** Ends the display, whether or not all is done. */
  @Override
  public abstract void close();

  private static final class Silent extends CountingProgress {
    Silent(PrintWriter err) {
      super(err);
    }

    @Override
    void stepTo(long done, String remark) {}

    @Override
    public void close() {}
  }

  private static final class OneBar extends CountingProgress {
    private final long total;
    private final long start = System.nanoTime();
    private final Pace pace = new Pace();
    private final Bar bar;

    OneBar(PrintWriter err, Terminal terminal, String unit, long total) {
      super(err);
      this.total = total;
      bar = new Bar(err, terminal, unit, unit);
    }

    @Override
    void stepTo(long done, String remark) {
      pace.step((System.nanoTime() - start) / 1e9, done, total);
      bar.show(done, total, pace.secondsLeft(), remark);
    }

    @Override
    void say(String line) {
      bar.clear();
      super.say(line);
    }

    @Override
    void clear() {
      bar.clear();
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line each tenth of all, but the time between two at least a second. */
  private static final class Lines extends CountingProgress {
    private static final long NANOS_BETWEEN_LINES = 1_000_000_000;

    private final String unit;
    private final long total;
    private final long start = System.nanoTime();
    private long tenths;
    private long shownAt = start;

    Lines(PrintWriter err, String unit, long total) {
      super(err);
      this.unit = unit;
      this.total = total;
    }

    @Override
    void stepTo(long done, String remark) {
      long nowTenths = total > 0 ? 10 * done / total : 0;
      long now = System.nanoTime();
      if (nowTenths <= tenths || now - shownAt < NANOS_BETWEEN_LINES) {
        return;
      }
      tenths = nowTenths;
      shownAt = now;
      double left = (now - start) / 1e9 / done * (total - done);
      say(
          done
              + (" of " + total + " " + unit + ", " + Units.duration(left) + " left")
              + (remark.isEmpty() ? "" : ", " + remark));
    }

    @Override
    public void close() {}
  }
}

package io.github.lumina4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Counts what a run adds to a folder of training data, and says it. Not thread-safe. */
final class DemoDataReport {
  private record Report(String folder, int files, long added, long earlier, double seconds) {}

  private final long earlier;
  private final long start = System.nanoTime();
  private long added;

  private DemoDataReport(long earlier) {
    this.earlier = earlier;
  }

  /** Nothing is added yet to what earlier runs left. */
  static DemoDataReport from(long earlier) {
    return new DemoDataReport(earlier);
  }

  /**
   * Refuses a count that asks for nothing.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  static void checkCount(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("--count must be 1 or more, not " + count);
    }
  }

  /** Takes note of one more. */
  void add() {
    added++;
  }

  /** All there are, those of earlier runs included. */
  long records() {
    return earlier + added;
  }

  /** Says on standard output what is in the folder now. */
  void print(PrintWriter out, boolean json, Path folder, int files) {
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json) {
      out.println(JsonText.report(new Report(folder.toString(), files, added, earlier, seconds)));
      return;
    }
    out.println(
        folder
            + (": " + added + " added")
            + (earlier > 0 ? ", " + earlier + " there before" : "")
            + ("; " + files + (files == 1 ? " file" : " files")));
  }
}

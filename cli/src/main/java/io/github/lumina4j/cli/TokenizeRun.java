package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutOfMemoryException;
import io.github.lumina4j.training.ExampleFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Works through the items of a file and counts what became of them. */
final class TokenizeRun {
  /** The items of one run: from {@code begin} up to, not including, {@code end}. */
  record Part(long begin, long end) {
    /** Part {@code rank} of {@code splits} about equal ones. */
    static Part of(Path input, int splits, int rank) {
      long count = ExampleFile.count(input);
      long each = (count + splits - 1) / splits;
      return new Part(Math.min(count, rank * each), Math.min(count, (rank + 1) * each));
    }
  }

  private record Report(
      String folder, int files, long added, long failed, long earlier, double seconds) {}

  private final Environment environment;
  private final ReportOptions options;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Path input;
  private final long start = System.nanoTime();
  private long added;
  private long failed;
  private long earlier;

  TokenizeRun(
      Environment environment,
      ReportOptions options,
      PrintWriter out,
      PrintWriter err,
      Path input) {
    this.environment = environment;
    this.options = options;
    this.out = out;
    this.err = err;
    this.input = input;
  }

  /** Gives the items of a part to a sink, leaving out those that an earlier run did. */
  void add(ExampleSinks.Sink sink, Part part) {
    long first = Math.max(part.begin(), sink.nextIndex());
    countEarlier(first, part);
    try (ExampleFile file = ExampleFile.open(input);
        CountingProgress progress =
            CountingProgress.of(
                environment.terminal(), options.quiet(), err, "items", part.end() - first)) {
      for (ExampleFile.Item item = file.next();
          item != null && item.index() < part.end();
          item = file.next()) {
        if (item.index() < first) {
          continue;
        }
        if (environment.cancellation().isCancelled()) {
          throw new GenerationCancelledException("cancelled");
        }
        add(sink, item, progress);
        progress.stepTo(item.index() + 1 - first);
      }
    }
  }

  private void add(ExampleSinks.Sink sink, ExampleFile.Item item, CountingProgress progress) {
    Runnable prepared;
    try {
      prepared = sink.prepare(item);
    } catch (IllegalArgumentException | LuminaException e) {
      if (!isFaultOfItem(e)) {
        throw e;
      }
      failed++;
      progress.say(
          "lumina: "
              + input
              + (", line " + item.line() + ": ")
              + Failures.oneLine(String.valueOf(e.getMessage())));
      return;
    }
    prepared.run();
    added++;
  }

  // A picture that cannot be read or does not fit is one of many; a lost device is not.
  private static boolean isFaultOfItem(RuntimeException e) {
    return e instanceof IllegalArgumentException
        || e instanceof OutOfMemoryException
        || e instanceof LuminaException failure
            && (failure.code() == ErrorCode.IO || failure.code() == ErrorCode.INVALID_ARGUMENT);
  }

  /** Takes note that items before {@code next} were done by an earlier run. */
  void countEarlier(long next, Part part) {
    earlier = Math.max(0, next - part.begin());
  }

  /** Says on standard output what is in the folder now. */
  void report(Path folder, List<Path> files) {
    double seconds = (System.nanoTime() - start) / 1e9;
    if (options.json()) {
      out.println(
          JsonText.report(
              new Report(folder.toString(), files.size(), added, failed, earlier, seconds)));
      return;
    }
    StringBuilder text = new StringBuilder(folder + ": " + counted(added, "record") + " added");
    if (failed > 0) {
      text.append(", ").append(counted(failed, "item")).append(" left out");
    }
    if (earlier > 0) {
      text.append(", ").append(counted(earlier, "item")).append(" done before");
    }
    out.println(text + "; " + counted(files.size(), "file"));
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * Ends in failure if there were items and none could be used.
   *
   * @throws LuminaException in that case
   */
  void failIfNothingWorked() {
    if (failed > 0 && added == 0) {
      throw new LuminaException(
          ErrorCode.IO, "none of " + failed + " items of " + input + " could be used");
    }
  }
}

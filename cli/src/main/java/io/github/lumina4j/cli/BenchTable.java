package io.github.lumina4j.cli;

import io.github.lumina4j.Benchmark;
import java.io.PrintWriter;

/** What was measured, as tables. */
final class BenchTable {
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  private BenchTable() {}

  static void print(PrintWriter out, Benchmark.Report report) {
    Table table = new Table("ll");
    table.row("machine", report.machine());
    table.row("threads", Integer.toString(report.threads()));
    table.row("dtype", report.dtype());
    if (!report.quantization().isEmpty()) {
      table.row("quantisation", report.quantization());
    }
    table.row("read bandwidth", decimalBytes(report.readBandwidth()) + "/s");
    table.row("load", Units.decimal(report.loadSeconds(), 2) + " s");
    Benchmark.Prefill prefill = report.prefill();
    table.row(
        "prefill",
        prefill.tokens() + " tokens in " + Units.decimal(1000 * prefill.seconds(), 1) + " ms");
    table.row("weights", Units.bytes(report.weightBytes()));
    table.row("cache", Units.bytes(report.cacheBytes()));
    table.row("peak memory", Units.bytes(report.peakMemoryBytes()));
    table.print(out, "");
    if (!report.steps().isEmpty()) {
      steps(out, report);
    }
    if (report.steps().stream().anyMatch(step -> !step.windows().isEmpty())) {
      windows(out, report);
    }
    if (!report.pictures().isEmpty()) {
      pictures(out, report);
    }
  }

  private static void steps(PrintWriter out, Benchmark.Report report) {
    out.println();
    out.println("decode step, two rows");
    Table table = new Table("rrrrr");
    table.row("cache length", "ms", "tokens/s", "read per step", "of bandwidth");
    for (Benchmark.Step step : report.steps()) {
      table.row(
          Integer.toString(step.cacheLength()),
          Units.decimal(step.milliseconds(), 2),
          Units.decimal(step.tokensPerSecond(), 2),
          decimalBytes(step.bytes()),
          Units.decimal(100 * step.bandwidthShare(), 0) + " %");
    }
    table.print(out, "  ");
  }

  private static void windows(PrintWriter out, Benchmark.Report report) {
    out.println();
    out.println("speculative pass, two rows");
    Table table = new Table("rrrr");
    table.row("cache length", "window", "ms", "steps");
    for (Benchmark.Step step : report.steps()) {
      for (Benchmark.Window pass : step.windows()) {
        table.row(
            Integer.toString(step.cacheLength()),
            Integer.toString(pass.window()),
            Units.decimal(pass.milliseconds(), 2),
            Units.decimal(pass.steps(), 2));
      }
    }
    table.print(out, "  ");
  }

  private static void pictures(PrintWriter out, Benchmark.Report report) {
    out.println();
    out.println("image tokenizer");
    Table table = new Table("rrr");
    table.row("picture", "encode s", "decode s");
    for (Benchmark.Picture picture : report.pictures()) {
      table.row(
          picture.side() + "x" + picture.side(),
          Units.decimal(picture.encodeSeconds(), 2),
          Units.decimal(picture.decodeSeconds(), 2));
    }
    table.print(out, "  ");
  }

  /** Bytes in powers of 1000, as bandwidths are given. */
  private static String decimalBytes(double bytes) {
    return bytes < GIGA
        ? Units.decimal(bytes / MEGA, 2) + " MB"
        : Units.decimal(bytes / GIGA, 2) + " GB";
  }
}

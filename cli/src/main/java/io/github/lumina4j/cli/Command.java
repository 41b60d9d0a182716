package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.OutOfMemoryException;
import io.github.lumina4j.PipelineOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all subcommands share: help, where to print, and how to stop. */
@CommandLine.Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    showDefaultValues = false)
abstract class Command implements Callable<Integer> {
  private final Environment environment;

  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report;
  private boolean reported;

  Command(Environment environment) {
    this.environment = environment;
  }

  /** Does the work; whatever it throws becomes a line and an exit code in {@link Failures}. */
  protected abstract void run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    try {
      run();
      return ExitCodes.DONE;
    } catch (OutOfMemoryError e) {
      // The library maps large arrays outside the heap; a picture that does not fit leaves the heap
      // as usable as before.
      OutOfMemoryException failure = new OutOfMemoryException(Failures.outOfHeap());
      failure.addSuppressed(e);
      throw failure;
    }
  }

  final Environment environment() {
    return environment;
  }

  final Backend backend() {
    return environment.backend();
  }

  final ReportOptions report() {
    return report;
  }

  /** The command line this command is part of, and what of it was given. */
  final CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Standard output: results only. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Says something on standard error, unless asked to be quiet. */
  final void note(String text) {
    if (!report.quiet()) {
      err().println(Failures.oneLine(text));
      err().flush();
    }
  }

  /** Prints the report of {@code --json}. */
  final void json(Object report) {
    reported = true;
    out().println(JsonText.report(report));
    out().flush();
  }

  /** The same of a command that fails; {@code failure} is null if it does not. */
  final void json(Object report, Throwable failure) {
    json(failure == null ? report : ErrorReport.of(failure).in(report));
  }

  /** Whether there is a report already: there is only one. */
  final boolean reported() {
    return reported;
  }

  /** Loads a model, which may take a while; the user sees that something is going on. */
  final Backend.Session open(PipelineOptions options) {
    checkCancelled();
    note("loading " + options.model().or(options::imageTokenizer).orElseThrow());
    try (LoadingDisplay display = LoadingDisplay.of(this, options)) {
      return backend().open(options);
    }
  }

  /** Stops here if the program was asked to end. */
  final void checkCancelled() {
    CancellationToken token = environment.cancellation();
    if (token.isCancelled()) {
      throw new GenerationCancelledException("cancelled");
    }
  }
}

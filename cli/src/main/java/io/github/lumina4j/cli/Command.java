package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutOfMemoryException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
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

  /** Standard output for a picture: nothing else may go there. */
  private StandardStream pictureOut() {
    return ((StandardStream.Printer) out()).stream();
  }

  /**
   * Whether a picture can go to standard output.
   *
   * @throws IllegalArgumentException if it leads to a terminal, or is to have a report
   */
  final void checkPictureOut() {
    if (report.json()) {
      throw new IllegalArgumentException("-o - cannot be combined with --json");
    }
    if (pictureOut().terminal()) {
      throw new IllegalArgumentException(
          "-o - would write a picture to the terminal: send it to a file or a program");
    }
  }

  /**
   * The file of a picture, known to be writable.
   *
   * @param given as an option; null for {@code usual}
   */
  final Path target(Path given, String usual) {
    Path target =
        given == null ? Path.of(usual) : Path.of(OutputPattern.ofPicture(given.toString()).text());
    if (StandardInput.is(target)) {
      checkPictureOut();
    } else {
      ImageFiles.checkWritable(target);
    }
    return target;
  }

  /** Writes a picture to standard output, as a PNG file. */
  final void writePictureOut(RgbImage picture, Map<String, String> text) {
    try {
      StandardStream out = pictureOut();
      ImageFiles.write(out, picture, ImageFormat.PNG, WriteOptions.DEFAULT.withText(text));
      out.flush();
    } catch (IOException e) {
      if (pictureOut().failure() != null) {
        throw new LuminaException(
            ErrorCode.IO, "cannot write to standard output: " + TextFiles.reason(e), e);
      }
    }
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

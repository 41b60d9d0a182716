package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationCancelledException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Every failure becomes one line on standard error and an exit code. The stack trace is shown only
 * to those who ask for it, by {@code --verbose} or the variable {@code LUMINA_DEBUG}.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  /** The variable that asks for stack traces. */
  static final String DEBUG = "LUMINA_DEBUG";

  private final Environment environment;

  Failures(Environment environment) {
    this.environment = environment;
  }

  /** A command line that cannot be read. */
  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    String text = UsageMessages.of(failure, args) + help(command.getCommandSpec().qualifiedName());
    int code = report(command.getErr(), failure, text, false);
    if (asksForJson(List.of(args))) {
      print(command.getOut(), ErrorReport.of(failure, text));
    }
    return code;
  }

  /** By its words alone: what was understood of the command line does not tell. */
  private static boolean asksForJson(List<String> words) {
    int end = words.indexOf("--");
    return words.subList(0, end < 0 ? words.size() : end).contains("--json");
  }

  /** A command line without a command that could be asked for its help; {@code name} can. */
  int unknownCommand(
      PrintWriter out, PrintWriter err, List<String> words, String message, String name) {
    IllegalArgumentException failure = new IllegalArgumentException(message + help(name));
    int code = report(err, failure, failure.getMessage(), false);
    if (asksForJson(words)) {
      print(out, ErrorReport.of(failure));
    }
    return code;
  }

  private static String help(String command) {
    return " (see '" + command + " --help')";
  }

  /** A command that failed. */
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parseResult) {
    boolean verbose =
        commandLine.getCommand() instanceof Command command && command.report().verbose();
    int code = report(commandLine.getErr(), failure, message(failure), verbose);
    if (commandLine.getCommand() instanceof Command command
        && command.report().json()
        && !command.reported()) {
      print(commandLine.getOut(), ErrorReport.of(failure));
    }
    return code;
  }

  private static void print(PrintWriter out, ErrorReport report) {
    out.println(report.json());
    out.flush();
  }

  /** A failure outside any command: a defect, or memory that ran out. */
  int handleError(PrintWriter err, Throwable failure) {
    return report(err, failure, message(failure), false);
  }

  private int report(PrintWriter err, Throwable failure, String message, boolean verbose) {
    err.println("lumina: " + oneLine(message));
    if (verbose || !environment.variable(DEBUG).isEmpty()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return ExitCodes.of(failure);
  }

  /** What to say of a failure. */
  static String message(Throwable failure) {
    if (failure instanceof GenerationCancelledException) {
      return "cancelled";
    }
    if (failure instanceof OutOfMemoryError) {
      return outOfHeap();
    }
    String message = failure.getMessage();
    if (failure instanceof RuntimeException && message != null && !message.isBlank()) {
      return message;
    }
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  /** What to say when Java's own memory ran out. */
  static String outOfHeap() {
    return "the Java heap of "
        + Units.bytes(Runtime.getRuntime().maxMemory())
        + " does not suffice; LUMINA_JAVA_OPTS=-Xmx4g gives more";
  }

  /** The text without line breaks and other control characters. */
  static String oneLine(String text) {
    return text.strip().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
  }
}

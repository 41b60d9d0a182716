package io.github.lumina4j.cli;

import picocli.CommandLine.Option;

/** How much a command says, and in which form. */
final class ReportOptions {
  @Option(
      names = "--json",
      order = 10,
      description =
          "Print the result as one JSON object on standard output; of a failure its field error has"
              + " code, message and exit_code.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      order = 10,
      description = "Say nothing on standard error but errors.")
  private boolean quiet;

  @Option(
      names = "--verbose",
      order = 10,
      description = "Show where an error comes from; the same as LUMINA_DEBUG=1.")
  private boolean verbose;

  boolean json() {
    return json;
  }

  boolean quiet() {
    return quiet;
  }

  boolean verbose() {
    return verbose;
  }
}

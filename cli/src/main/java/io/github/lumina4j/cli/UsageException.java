package io.github.lumina4j.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command line that cannot be read. */
final class UsageException extends ParameterException {
  private static final long serialVersionUID = 1L;

  /** {@code message} says what is wrong; where the help is follows. */
  UsageException(CommandSpec spec, String message) {
    super(spec.commandLine(), message);
  }
}

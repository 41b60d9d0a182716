package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.nio.file.Path;

/**
 * What could not be written where it should go, although the command went on: each is told at once,
 * and the command fails in the end.
 */
final class Unwritten {
  private final Command command;
  private int count;

  Unwritten(Command command) {
    this.command = command;
  }

  /** The file that was written, after telling if it is not the one asked for. */
  Path file(Rescue.Written written) {
    if (written.problem() != null) {
      tell(written.problem());
    }
    return written.file();
  }

  /** Does what may fail without costing the rest. */
  void unless(Runnable writing) {
    try {
      writing.run();
    } catch (LuminaException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      tell(e);
    }
  }

  private void tell(LuminaException problem) {
    count++;
    if (command.environment().terminal().interactive()) {
      command.err().print(Bar.CLEAR); // of a bar that may be there
    }
    command.err().println("lumina: " + Failures.oneLine(problem.getMessage()));
    command.err().flush();
  }

  /** Why the command fails in the end; null if all was written as asked. */
  LuminaException problem() {
    return count == 0
        ? null
        : new LuminaException(
            ErrorCode.IO,
            count == 1
                ? "one file could not be written where it should go"
                : count + " files could not be written where they should go");
  }

  /**
   * Ends the command.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if something was not written as asked
   */
  void end() {
    if (count > 0) {
      throw problem();
    }
  }
}

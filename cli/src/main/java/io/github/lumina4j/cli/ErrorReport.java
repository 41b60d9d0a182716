package io.github.lumina4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.util.List;
import java.util.Map;

/**
 * A failure as {@code --json} tells it, in the field {@code error} of the one object on standard
 * output.
 *
 * @param code as the library has it, such as {@code invalid-argument} or {@code io}
 * @param exitCode the process's
 * @param lines bad lines of a batch, if there are several; else null
 */
record ErrorReport(String code, String message, int exitCode, List<String> lines) {
  private static final String FIELD = "error";

  static ErrorReport of(Throwable failure) {
    return of(failure, Failures.message(failure));
  }

  /** The same with another message. */
  static ErrorReport of(Throwable failure, String message) {
    List<String> lines = failure instanceof BadLinesException bad ? bad.lines() : List.of();
    return new ErrorReport(
        code(failure),
        Failures.oneLine(message),
        ExitCodes.of(failure),
        lines.isEmpty() ? null : lines.stream().map(Failures::oneLine).toList());
  }

  private static String code(Throwable failure) {
    if (failure instanceof LuminaException lumina) {
      return lumina.code().id();
    }
    return switch (ExitCodes.of(failure)) {
      case ExitCodes.USAGE -> ErrorCode.INVALID_ARGUMENT.id();
      case ExitCodes.OUT_OF_MEMORY -> ErrorCode.OUT_OF_MEMORY.id();
      default -> "failed";
    };
  }

  /** An object that tells nothing but this. */
  String json() {
    return JsonText.report(Map.of(FIELD, this));
  }

  /** {@code report} with this in it. */
  ObjectNode in(Object report) {
    ObjectNode tree = JsonText.tree(report);
    tree.set(FIELD, JsonText.tree(this));
    return tree;
  }
}

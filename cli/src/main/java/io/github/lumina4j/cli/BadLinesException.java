package io.github.lumina4j.cli;

import java.util.List;

/** Lines of a batch that cannot be served. */
final class BadLinesException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** So many are told. */
  static final int SHOWN = 20;

  private final transient List<String> lines;

  /**
   * Of {@code file}.
   *
   * @param lines number and reason of the first {@link #SHOWN}
   * @param count of all bad lines
   */
  BadLinesException(String file, List<String> lines, int count) {
    super(
        count == 1
            ? lines.get(0)
            : file
                + (": " + count + " lines cannot be used")
                + (count > lines.size() ? "; the first " + lines.size() + " are above" : ""));
    this.lines = count == 1 ? List.of() : List.copyOf(lines);
  }

  /** What to say of single lines before the message; empty if the message says it. */
  List<String> lines() {
    return lines;
  }
}

package io.github.lumina4j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as they need, two spaces apart. */
final class Table {
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** {@code alignment}: one character per column, {@code l} for left or {@code r} for right. */
  Table(String alignment) {
    right = new boolean[alignment.length()];
    for (int column = 0; column < right.length; column++) {
      right[column] = alignment.charAt(column) == 'r';
    }
  }

  /** Adds a row, one text per column. */
  Table row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    rows.add(cells);
    return this;
  }

  /** Prints the rows, each behind {@code indent}. */
  void print(PrintWriter out, String indent) {
    int[] widths = new int[right.length];
    for (String[] cells : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], cells[column].length());
      }
    }
    for (String[] cells : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int column = 0; column < widths.length; column++) {
        String padding = " ".repeat(widths[column] - cells[column].length());
        line.append(right[column] ? padding + cells[column] : cells[column] + padding).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }
}

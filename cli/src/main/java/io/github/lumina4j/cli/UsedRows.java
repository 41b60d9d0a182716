package io.github.lumina4j.cli;

import io.github.lumina4j.Preview;

/**
 * How much there is of a picture that was cancelled, as records keep it.
 *
 * @param rows of codes, 8 pixels each, that exist
 * @param rowsTotal of the whole picture
 */
record UsedRows(int rows, int rowsTotal) {
  /** The rows of {@code preview}; null if it is complete. */
  static UsedRows of(Preview preview) {
    return preview.rowsDone() == preview.rowsTotal()
        ? null
        : new UsedRows(preview.rowsDone(), preview.rowsTotal());
  }

  /** For people. */
  String text() {
    return rows + " of " + rowsTotal + " rows";
  }
}

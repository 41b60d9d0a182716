package io.github.lumina4j.server;

/**
 * When a stream shows a picture that is not finished.
 *
 * @param count so many times, spread evenly over the rows; 0: not like that
 * @param rows each time so many rows are new; 0: not like that
 */
record PartialImages(int count, int rows) {
  /** Whether there is anything to show before the end. */
  boolean wanted() {
    return count > 0 || rows > 0;
  }

  /**
   * How many times it should have been shown by now.
   *
   * @param drawn rows that are new
   * @param toDraw rows that will be new in the end; then there is nothing partial to show
   */
  int due(int drawn, int toDraw) {
    int shown = drawn == toDraw ? drawn - 1 : drawn;
    return rows > 0 ? shown / rows : (int) ((count + 1L) * shown / toDraw);
  }
}

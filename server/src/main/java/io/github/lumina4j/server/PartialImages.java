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
   * @param toDraw rows that will be new in the end. All of them are shown once more to those who
   *     follow the rows, because decoding the picture may take minutes; they are not one of a
   *     number of partial pictures
   */
  int due(int drawn, int toDraw) {
    if (rows > 0) {
      return drawn == toDraw ? (drawn + rows - 1) / rows : drawn / rows;
    }
    int partial = drawn == toDraw ? drawn - 1 : drawn;
    return (int) ((count + 1L) * partial / toDraw);
  }
}

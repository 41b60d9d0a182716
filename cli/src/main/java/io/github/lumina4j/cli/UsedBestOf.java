package io.github.lumina4j.cli;

/**
 * How a picture was chosen among several, as records keep it.
 *
 * @param count how many were made, or should have been where the model ended some early
 * @param firstSeed of the first of them
 * @param score of the one that was kept; null in a request, which has none yet
 */
record UsedBestOf(int count, long firstSeed, Double score) {
  /** For people. */
  String text() {
    return count + " from seed " + firstSeed + (score == null ? "" : ", score " + score);
  }
}

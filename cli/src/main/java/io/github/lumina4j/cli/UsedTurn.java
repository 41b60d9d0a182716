package io.github.lumina4j.cli;

/**
 * A turn of an editing session as records keep it.
 *
 * @param number from 1
 * @param original the picture that the session began with
 */
record UsedTurn(int number, String original) {
  /** For people. */
  String text() {
    return number + " since " + original;
  }
}

package io.github.lumina4j.cli;

/**
 * Where the prompt of a picture comes from, as records keep it, if it was rewritten.
 *
 * @param original the user's words
 * @param model the language model that rewrote them
 */
record UsedRewrite(String original, String model) {
  /** For people. */
  String text() {
    return "by " + model + " from: " + original;
  }
}

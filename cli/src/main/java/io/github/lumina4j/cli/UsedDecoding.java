package io.github.lumina4j.cli;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.DecodingOptions.Mode;

/**
 * Speculative decoding as requests and results record it.
 *
 * @param window tokens that a pass fed; null if that was left to the device
 * @param initialization where first guesses came from
 * @param lambda null except for mc-lambda
 */
record UsedDecoding(String mode, Integer window, String initialization, Double lambda) {
  /** Records {@code options}; null if they are sequential. */
  static UsedDecoding of(DecodingOptions options) {
    if (!options.speculative()) {
      return null;
    }
    return new UsedDecoding(
        options.mode().id(),
        options.window() == 0 ? null : options.window(),
        options.initialization().id(),
        options.mode() == Mode.MC_LAMBDA ? options.lambda() : null);
  }

  /** For people. */
  String text() {
    return mode
        + (window == null ? "" : ", window " + window)
        + (initialization.equals("auto") ? "" : ", guesses " + initialization)
        + (lambda == null ? "" : ", lambda " + lambda);
  }
}

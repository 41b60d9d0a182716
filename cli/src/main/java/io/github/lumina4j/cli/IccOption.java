package io.github.lumina4j.cli;

import io.github.lumina4j.image.ReadOptions;
import picocli.CommandLine.Option;

/** Whether colour profiles of given pictures count. */
final class IccOption {
  @Option(
      names = "--icc",
      description =
          "Convert the given picture from its colour profile to sRGB. By default the profile is "
              + "ignored, as in the model's training.")
  private boolean icc;

  ReadOptions readOptions() {
    return ReadOptions.DEFAULT.withConvertToSrgb(icc);
  }
}

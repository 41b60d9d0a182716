package io.github.lumina4j.cli;

import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The seed of pictures that are drawn. */
final class SeedOption {
  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.Seed.class,
      description =
          "The seed of the first picture, 0 to 2^64-1; -1 and random choose one, which the answer "
              + "tells (default: random). The same seed, request and machine give the same file.")
  private OptionalLong seed;

  /** The seed as given; null if one is to be chosen. */
  Long seed() {
    return seed == null || seed.isEmpty() ? null : seed.getAsLong();
  }
}

package io.github.lumina4j.cli;

import picocli.CommandLine.Option;

/** The seed of pictures that are drawn. */
final class SeedOption {
  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The seed of the first picture, any 64-bit number; without it one is chosen "
              + "and told. The same seed, request and machine give the same file.")
  private Long seed;

  /** The seed as given; null if not. */
  Long seed() {
    return seed;
  }
}

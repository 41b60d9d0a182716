package io.github.lumina4j.cli;

import picocli.CommandLine.Option;

/** How many pictures to make, and where they go. */
final class PictureOptions {
  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Make N pictures, with the seeds seed, seed + 1, ... (default: 1).")
  private int count = 1;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "The picture's file, .png or .jpg, or its folder; - is standard output (default: "
              + "lumina-{seed}.png). {seed} stands for "
              + "the seed and {n} for the number of the picture; several pictures without either "
              + "get -1, -2, ... before the extension. An existing file is replaced.")
  private String output = OutputPattern.USUAL;

  @Option(
      names = "--save-tokens",
      paramLabel = "FILE.json",
      description =
          "Save the image codes and the request as well, for 'lumina decode'; "
              + "{seed}, {n} and several pictures as with -o.")
  private String saveTokens;

  int count() {
    return count;
  }

  OutputPattern output() {
    return OutputPattern.ofPicture(output);
  }

  /** The pattern for token files; null if none are wanted. */
  String saveTokens() {
    return saveTokens;
  }
}

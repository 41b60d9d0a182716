package io.github.lumina4j.cli;

import io.github.lumina4j.ImageSize;
import picocli.CommandLine.Option;

/** What picture to make, how many, and where they go. */
final class PictureOptions {
  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = Converters.Size.class,
      description =
          "Size in pixels, multiples of 32. With two panels: of both together, one above the other,"
              + " the height a multiple of 64. By default what the model asks for ('lumina"
              + " inspect'); else 768x768 for one panel, and for two, panels of about 512x512,"
              + " shaped like the given picture.")
  private ImageSize size;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Make N pictures, with the seeds seed, seed + 1, ...; 1 by default.")
  private int count = 1;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "The picture's file, .png or .jpg; lumina-{seed}.png by default. {seed} stands for "
              + "the seed and {n} for the number of the picture; several pictures without either "
              + "get -1, -2, ... before the extension. An existing file is replaced.")
  private String output = "lumina-{seed}.png";

  @Option(
      names = "--save-tokens",
      paramLabel = "FILE.json",
      description =
          "Save the image codes and the request as well, for 'lumina decode'; "
              + "{seed}, {n} and several pictures as with -o.")
  private String saveTokens;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description =
          "Another sentence for the task, with the places {w}, {h}, {prompt} and {description}; "
              + "'lumina tasks' shows the built-in ones.")
  private String template;

  @Option(
      names = "--allow-partial",
      description = "Keep a picture that ends before its last row, instead of failing.")
  private boolean allowPartial;

  /** The size as given; null if not. */
  ImageSize size() {
    return size;
  }

  int count() {
    return count;
  }

  String output() {
    return output;
  }

  /** The pattern for token files; null if none are wanted. */
  String saveTokens() {
    return saveTokens;
  }

  /** The template as given; null if not. */
  String template() {
    return template;
  }

  boolean allowPartial() {
    return allowPartial;
  }
}

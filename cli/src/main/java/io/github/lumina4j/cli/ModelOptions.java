package io.github.lumina4j.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which files to load, and on how many threads. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "The checkpoint folder; without it the variable LUMINA_MODEL. "
              + "recipe:tiny (or small, 2b, 7b) stands for a checkpoint made on the spot: "
              + "it needs no download, and its pictures are noise.")
  private String model;

  @Option(
      names = "--image-tokenizer",
      paramLabel = "FILE",
      description =
          "The MoVQGAN weights (.ckpt or .safetensors); without it the file movqgan* "
              + "in the checkpoint folder.")
  private Path imageTokenizer;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Processor threads; 0, the default, is one per core.")
  private int threads;

  /** The model as given; null if not. */
  String model() {
    return model;
  }

  /** The image tokenizer as given; null if not. */
  Path imageTokenizer() {
    return imageTokenizer;
  }

  int threads() {
    return threads;
  }
}

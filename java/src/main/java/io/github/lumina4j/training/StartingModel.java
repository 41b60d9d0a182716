package io.github.lumina4j.training;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** The transformer that training begins with. */
public sealed interface StartingModel {
  /** The checkpoint in {@code folder}. */
  static StartingModel of(Path folder) {
    return new Existing(folder, Optional.empty());
  }

  /** A model with random weights; see {@link Fresh}. */
  static StartingModel fresh(Path config, Path tokenizer, Path imageTokenizer) {
    return new Fresh(config, tokenizer, imageTokenizer);
  }

  /**
   * A checkpoint to go on from.
   *
   * @param folder in the released layout
   * @param imageTokenizer MoVQGAN file for the checkpoints; empty: the one in the folder, if any
   */
  record Existing(Path folder, Optional<Path> imageTokenizer) implements StartingModel {
    public Existing {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(imageTokenizer, "imageTokenizer");
    }
  }

  /**
   * A model with random weights. Tokenizer and image tokenizer are copied into the checkpoints.
   *
   * @param config a config.json in the released format
   * @param tokenizer folder with tokenizer.json and tokenizer_config.json
   * @param imageTokenizer MoVQGAN file
   */
  record Fresh(Path config, Path tokenizer, Path imageTokenizer) implements StartingModel {
    public Fresh {
      Objects.requireNonNull(config, "config");
      Objects.requireNonNull(tokenizer, "tokenizer");
      Objects.requireNonNull(imageTokenizer, "imageTokenizer");
    }
  }
}

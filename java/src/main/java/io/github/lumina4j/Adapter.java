package io.github.lumina4j;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A LoRA adapter in PEFT's format that is added to the weights of a model: W + {@code scale} alpha
 * / rank B A (Hu et al., arXiv:2106.09685).
 *
 * @param path the folder with adapter_config.json and adapter_model.safetensors or
 *     adapter_model.bin, the folder around it if there is only one, or a file of weights beside an
 *     adapter_config.json
 * @param scale any finite number; 1 as it was trained, 0 without effect, below 0 the opposite
 */
public record Adapter(Path path, double scale) {
  public Adapter {
    Objects.requireNonNull(path, "path");
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException(
          "the scale of an adapter must be a finite number, not " + scale);
    }
  }

  /** The adapter as it was trained. */
  public static Adapter of(Path path) {
    return new Adapter(path, 1);
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Activations;
import io.github.lumina4j.Quantization;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the matrices of the model are stored, and what they multiply. */
final class QuantizeOptions {
  @Option(
      names = "--quantize",
      paramLabel = "FORMAT",
      converter = Converters.QuantizationName.class,
      description =
          "Quantise the model while it loads: int8, or int4 with optional group (128, 64, 32) and "
              + "method (rtn, hqq), as in int4:64:hqq.")
  private Quantization quantization;

  @Option(
      names = "--activations",
      paramLabel = "KIND",
      converter = Converters.ActivationKind.class,
      description = "What quantised matrices multiply: int8 (rounded, fast) or exact.")
  private Activations activations = Activations.INT8;

  Optional<Quantization> quantization() {
    return Optional.ofNullable(quantization);
  }

  Activations activations() {
    return activations;
  }
}

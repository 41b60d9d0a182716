package io.github.lumina4j.cli;

import io.github.lumina4j.Activations;
import io.github.lumina4j.KvCache;
import io.github.lumina4j.Quantization;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the matrices of the model and its cache are stored, and what the matrices multiply. */
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

  @Option(
      names = "--kv-cache",
      paramLabel = "KIND",
      converter = Converters.KvCacheKind.class,
      description =
          "How keys and values are kept while a picture is drawn: auto (the model's number "
              + "format) or int8 (half the memory of bf16).")
  private KvCache kvCache = KvCache.AUTO;

  Optional<Quantization> quantization() {
    return Optional.ofNullable(quantization);
  }

  Activations activations() {
    return activations;
  }

  KvCache kvCache() {
    return kvCache;
  }
}

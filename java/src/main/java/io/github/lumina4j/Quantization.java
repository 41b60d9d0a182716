package io.github.lumina4j;

import java.util.Objects;

/**
 * A way to store the matrices of a model in few bits, by the engine's name for it: {@code int8}, or
 * {@code int4} with an optional group size and method, as in {@code int4:64:hqq}. The engine is the
 * authority: an unknown name is refused when it is used.
 */
public record Quantization(String name) {
  /** Eight bits, a scale per output: hardly any loss. */
  public static final Quantization INT8 = new Quantization("int8");

  /** Four bits, a scale and a zero per 128 inputs: a quarter of the memory of bf16. */
  public static final Quantization INT4 = new Quantization("int4");

  public Quantization {
    Objects.requireNonNull(name, "name");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a quantisation needs a name: int8, int4, int4:64, ...");
    }
  }
}

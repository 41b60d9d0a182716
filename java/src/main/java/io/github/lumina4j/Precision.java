package io.github.lumina4j;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Number format of weights and activations. */
public enum Precision {
  /** As the checkpoint stores them. */
  AUTO("auto"),
  /** 32-bit floats. */
  FP32("fp32"),
  /** bfloat16: half the memory, eight bits of mantissa. */
  BF16("bf16");

  private final String id;

  Precision(String id) {
    this.id = id;
  }

  /** The name the engine and the command line use. */
  public String id() {
    return id;
  }

  /** The precision called {@code id}. */
  public static Precision byId(String id) {
    Objects.requireNonNull(id, "id");
    for (Precision precision : values()) {
      if (precision.id.equals(id)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "unknown precision '"
            + id
            + "'; known: "
            + Arrays.stream(values()).map(Precision::id).collect(Collectors.joining(", ")));
  }
}

package io.github.lumina4j;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** What quantised matrices multiply. */
public enum Activations {
  /** Rounded to eight bits per group of numbers: fast. */
  INT8("int8"),
  /** As they are: slower, and only the weights are rounded. */
  EXACT("exact");

  private final String id;

  Activations(String id) {
    this.id = id;
  }

  /** The name the engine and the command line use. */
  public String id() {
    return id;
  }

  /** The kind called {@code id}. */
  public static Activations byId(String id) {
    Objects.requireNonNull(id, "id");
    for (Activations kind : values()) {
      if (kind.id.equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown kind of activations '"
            + id
            + "'; known: "
            + Arrays.stream(values()).map(Activations::id).collect(Collectors.joining(", ")));
  }
}

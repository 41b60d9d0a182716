package io.github.lumina4j;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** How the keys and values of earlier tokens are kept while a picture is drawn. */
public enum KvCache {
  /** In the number format the model computes in. */
  AUTO("auto"),
  /**
   * As 8-bit numbers with a scale per token and head: half the memory of bf16, and as much less to
   * read.
   */
  INT8("int8");

  private final String id;

  KvCache(String id) {
    this.id = id;
  }

  /** The name the engine and the command line use. */
  public String id() {
    return id;
  }

  /** The kind called {@code id}. */
  public static KvCache byId(String id) {
    Objects.requireNonNull(id, "id");
    for (KvCache kind : values()) {
      if (kind.id.equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown kind of key/value cache '"
            + id
            + "'; known: "
            + Arrays.stream(values()).map(KvCache::id).collect(Collectors.joining(", ")));
  }
}

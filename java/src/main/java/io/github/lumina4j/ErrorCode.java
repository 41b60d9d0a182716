package io.github.lumina4j;

/** Kinds of failure, the same set as in the engine; a test walks both lists. */
public enum ErrorCode {
  /** No failure. */
  OK("ok"),
  /** The request or an option cannot be served as given. */
  INVALID_ARGUMENT("invalid-argument"),
  /** A model file is missing, damaged, incomplete or of another model. */
  CHECKPOINT("checkpoint"),
  /** Host or device memory does not suffice. */
  OUT_OF_MEMORY("out-of-memory"),
  /** The native library or the device is absent, unsupported or lost. */
  DEVICE("device"),
  /** The caller asked to stop. */
  CANCELLED("cancelled"),
  /** The picture ended before its last row. */
  INCOMPLETE("incomplete"),
  /** NaN or infinity where a number belongs. */
  NUMERICAL("numerical"),
  /** Reading or writing a file other than a checkpoint failed. */
  IO("io"),
  /** A defect of this program. */
  INTERNAL("internal");

  private final String id;

  ErrorCode(String id) {
    this.id = id;
  }

  /** The name the engine uses. */
  public String id() {
    return id;
  }

  /** The code the engine reports as {@code number}; unknown numbers are {@link #INTERNAL}. */
  public static ErrorCode of(int number) {
    ErrorCode[] codes = values();
    return number >= 0 && number < codes.length ? codes[number] : INTERNAL;
  }
}

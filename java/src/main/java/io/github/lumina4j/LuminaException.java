package io.github.lumina4j;

import java.util.Objects;

/**
 * A failure with its kind. Subclasses exist only where callers usually act differently: see {@link
 * CheckpointException}, {@link OutOfMemoryException}, {@link DeviceException}, {@link
 * GenerationCancelledException} and {@link IncompleteImageException}. The message is one line, fit
 * to show to a user.
 */
public class LuminaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public LuminaException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public LuminaException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** The kind of failure. */
  public ErrorCode code() {
    return code;
  }

  /** The exception class that belongs to {@code code}. */
  public static LuminaException of(ErrorCode code, String message) {
    return switch (Objects.requireNonNull(code, "code")) {
      case CHECKPOINT -> new CheckpointException(message);
      case OUT_OF_MEMORY -> new OutOfMemoryException(message);
      case DEVICE -> new DeviceException(message);
      case CANCELLED -> new GenerationCancelledException(message);
      case INCOMPLETE -> new IncompleteImageException(message);
      default -> new LuminaException(code, message);
    };
  }
}

package io.github.lumina4j;

/** A model file is missing, damaged, incomplete or of another model; the message names it. */
public final class CheckpointException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(ErrorCode.CHECKPOINT, message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(ErrorCode.CHECKPOINT, message, cause);
  }
}

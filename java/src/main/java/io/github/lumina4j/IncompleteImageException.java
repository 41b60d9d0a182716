package io.github.lumina4j;

/** The model ended the picture before its last row; the message says how many rows exist. */
public final class IncompleteImageException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public IncompleteImageException(String message) {
    super(ErrorCode.INCOMPLETE, message);
  }
}

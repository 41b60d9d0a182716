package io.github.lumina4j;

/** Host or device memory does not suffice; the message has the figures. */
public final class OutOfMemoryException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public OutOfMemoryException(String message) {
    super(ErrorCode.OUT_OF_MEMORY, message);
  }
}

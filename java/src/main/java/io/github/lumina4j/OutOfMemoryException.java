package io.github.lumina4j;

/**
 * Host or device memory does not suffice; the message has the figures. Host memory means native
 * memory: the Java heap, which {@code -Xmx} limits, is not part of it, and one that is full is an
 * {@link OutOfMemoryError} as everywhere in Java.
 */
public final class OutOfMemoryException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public OutOfMemoryException(String message) {
    super(ErrorCode.OUT_OF_MEMORY, message);
  }

  public OutOfMemoryException(String message, Throwable cause) {
    super(ErrorCode.OUT_OF_MEMORY, message, cause);
  }
}

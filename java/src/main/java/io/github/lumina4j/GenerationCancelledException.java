package io.github.lumina4j;

/**
 * The request was cancelled: by its token, by closing the pipeline, by interrupting the thread that
 * made it (whose interrupt flag is then set), or because the JVM is ending.
 */
public final class GenerationCancelledException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public GenerationCancelledException(String message) {
    super(ErrorCode.CANCELLED, message);
  }
}

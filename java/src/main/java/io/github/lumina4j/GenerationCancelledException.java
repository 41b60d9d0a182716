package io.github.lumina4j;

/** The request was cancelled by its token, its listener or by closing the pipeline. */
public final class GenerationCancelledException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public GenerationCancelledException(String message) {
    super(ErrorCode.CANCELLED, message);
  }
}

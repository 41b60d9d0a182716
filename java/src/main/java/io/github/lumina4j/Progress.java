package io.github.lumina4j;

import java.util.Objects;

/**
 * Where a request is.
 *
 * @param phase what is being done; phases come in their order, unneeded ones are left out
 * @param rowsDone rows of codes (8 pixels each) that exist, given ones included
 * @param rowsTotal rows of the whole picture, 0 until known
 * @param tokensDone tokens generated so far, line ends included
 * @param tokensTotal tokens to generate, 0 until known
 * @param seconds since the request began
 * @param pictures that are drawn side by side; what is told is that of the one that is least far
 */
public record Progress(
    Phase phase,
    int rowsDone,
    int rowsTotal,
    long tokensDone,
    long tokensTotal,
    double seconds,
    int pictures) {

  public Progress {
    Objects.requireNonNull(phase, "phase");
  }

  /** Of one picture alone. */
  public Progress(
      Phase phase, int rowsDone, int rowsTotal, long tokensDone, long tokensTotal, double seconds) {
    this(phase, rowsDone, rowsTotal, tokensDone, tokensTotal, seconds, 1);
  }

  /**
   * The same, counting only the rows that are drawn.
   *
   * @param rowsGiven rows at the top that a given picture fills, {@link
   *     GenerationRequest#rowsGiven}
   */
  public Progress withoutGiven(int rowsGiven) {
    return new Progress(
        phase,
        Math.max(0, rowsDone - rowsGiven),
        Math.max(0, rowsTotal - rowsGiven),
        tokensDone,
        tokensTotal,
        seconds,
        pictures);
  }

  /** What is being done. */
  public enum Phase {
    /** A given picture becomes codes. */
    ENCODE,
    /** The prompt is read. */
    PREFILL,
    /** Codes are chosen, one token after the other. */
    DECODE,
    /** The codes become a picture. */
    IMAGE_DECODE
  }
}

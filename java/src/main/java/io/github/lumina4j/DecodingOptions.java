package io.github.lumina4j;

import java.util.Locale;
import java.util.Objects;

/**
 * How many codes a forward pass may decide: one, or by speculative Jacobi decoding several. A pass
 * then feeds a window of guesses and keeps those that hold.
 *
 * @param mode how guesses are judged
 * @param window tokens that a pass feeds, 4 to 64; 0: the usual number, 16
 * @param initialization where the first guess for a place comes from
 * @param lambda in {@link Mode#MC_LAMBDA} alone: how many times as likely a code may become, 1 to
 *     {@value #MAX_LAMBDA}
 * @param together pictures of one request that are drawn side by side at most, in the same passes,
 *     1 to 64; 0: the usual number, 8, with speculation 1. It changes how sums are rounded, nothing
 *     else
 */
public record DecodingOptions(
    Mode mode, int window, Initialization initialization, double lambda, int together) {
  /** The smallest and the largest window. */
  public static final int MIN_WINDOW = 4;

  public static final int MAX_WINDOW = 64;

  /** The most pictures that are drawn side by side. */
  public static final int MAX_TOGETHER = 64;

  /** The largest lambda: with it next to any guess stays. */
  public static final double MAX_LAMBDA = 1000;

  /** One code per pass. */
  public static final DecodingOptions SEQUENTIAL =
      new DecodingOptions(Mode.SEQUENTIAL, 0, Initialization.AUTO, 1.1, 0);

  /** Several codes per pass, of the same distribution: {@link Mode#MC}. */
  public static final DecodingOptions SPECULATIVE = SEQUENTIAL.withMode(Mode.MC);

  /** How the guesses of a window are judged. */
  public enum Mode {
    /** No guesses. */
    SEQUENTIAL,
    /**
     * Coupled speculative Jacobi decoding: guesses that still fit stay from pass to pass. The same
     * distribution as {@link #SEQUENTIAL}, and the fastest of these.
     */
    MC,
    /** Noise belongs to the place: the very picture of {@link #SEQUENTIAL} for the same seed. */
    GUM,
    /** Speculative Jacobi decoding as published; the same distribution as {@link #SEQUENTIAL}. */
    SJD,
    /** As the Python reference does it, which changes the distribution; for comparison. */
    REF,
    /** As {@link #MC}, but a code may become {@code lambda} times as likely; faster still. */
    MC_LAMBDA;

    /** The name the engine and the command line use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Where the first guess for a place comes from. */
  public enum Initialization {
    /** Random for {@link Mode#SJD} and {@link Mode#REF}, as published; else neighbour. */
    AUTO,
    /** Drawn from the distribution of the place to the left of all guesses. */
    NEIGHBOUR,
    /** Any code. */
    RANDOM,
    /** A copy of the code to the left. */
    LEFT,
    /** A copy of the code above. */
    ABOVE;

    /** The name the engine and the command line use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DecodingOptions {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(initialization, "initialization");
    if (window != 0 && (window < MIN_WINDOW || window > MAX_WINDOW)) {
      throw new IllegalArgumentException(
          "window must be between " + MIN_WINDOW + " and " + MAX_WINDOW + " (got " + window + ")");
    }
    if (!(lambda >= 1 && lambda <= MAX_LAMBDA)) {
      throw new IllegalArgumentException("lambda must be between 1 and 1000 (got " + lambda + ")");
    }
    if (together < 0 || together > MAX_TOGETHER) {
      throw new IllegalArgumentException(
          "together must be between 1 and " + MAX_TOGETHER + " (got " + together + ")");
    }
  }

  /** Whether a pass may decide more than one code. */
  public boolean speculative() {
    return mode != Mode.SEQUENTIAL;
  }

  public DecodingOptions withMode(Mode newMode) {
    Objects.requireNonNull(newMode, "newMode");
    return new DecodingOptions(newMode, window, initialization, lambda, together);
  }

  public DecodingOptions withWindow(int newWindow) {
    return new DecodingOptions(mode, newWindow, initialization, lambda, together);
  }

  public DecodingOptions withInitialization(Initialization newInitialization) {
    Objects.requireNonNull(newInitialization, "newInitialization");
    return new DecodingOptions(mode, window, newInitialization, lambda, together);
  }

  public DecodingOptions withLambda(double newLambda) {
    return new DecodingOptions(mode, window, initialization, newLambda, together);
  }

  public DecodingOptions withTogether(int newTogether) {
    return new DecodingOptions(mode, window, initialization, lambda, newTogether);
  }
}

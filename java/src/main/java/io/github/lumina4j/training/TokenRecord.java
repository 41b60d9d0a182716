package io.github.lumina4j.training;

import java.util.Arrays;

/**
 * One training example as the model sees it.
 *
 * @param tokens the whole sequence, from BOS on
 * @param labels as long as {@code tokens}: the token itself where it is learned, {@value #NO_LABEL}
 *     where it is only read
 */
public record TokenRecord(int[] tokens, int[] labels) {
  /** The label of a token that is not learned. */
  public static final int NO_LABEL = -100;

  /**
   * @throws IllegalArgumentException if the lengths differ, a token is negative, a label is neither
   *     its token nor {@value #NO_LABEL}, or nothing is learned
   */
  public TokenRecord {
    if (tokens.length != labels.length) {
      throw new IllegalArgumentException(
          tokens.length + " tokens and " + labels.length + " labels");
    }
    boolean learned = false;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || labels[i] != tokens[i] && labels[i] != NO_LABEL) {
        throw new IllegalArgumentException(
            "token " + tokens[i] + " with label " + labels[i] + " at place " + i);
      }
      learned |= labels[i] != NO_LABEL;
    }
    if (!learned) {
      throw new IllegalArgumentException("a record of which no token is learned");
    }
    tokens = tokens.clone();
    labels = labels.clone();
  }

  /** A copy of the tokens. */
  @Override
  public int[] tokens() {
    return tokens.clone();
  }

  /** A copy of the labels. */
  @Override
  public int[] labels() {
    return labels.clone();
  }

  /** Number of tokens. */
  public int length() {
    return tokens.length;
  }

  /** Copies the tokens to {@code tokenTarget} and the labels to {@code labelTarget}. */
  void copyTo(int[] tokenTarget, int[] labelTarget, int offset) {
    System.arraycopy(tokens, 0, tokenTarget, offset, tokens.length);
    System.arraycopy(labels, 0, labelTarget, offset, labels.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenRecord that
        && Arrays.equals(tokens, that.tokens)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(labels);
  }

  @Override
  public String toString() {
    return "TokenRecord[" + tokens.length + " tokens]";
  }
}

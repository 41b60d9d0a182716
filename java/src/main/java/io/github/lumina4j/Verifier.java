package io.github.lumina4j;

/**
 * Says how well a picture answers its request. Ready ones are in {@code
 * io.github.lumina4j.verifier}.
 */
@FunctionalInterface
public interface Verifier {
  /**
   * The score; larger is better, and only scores of one verifier are compared.
   *
   * @param picture as its user gets it: of two panels the one that is the answer
   * @param request what was asked
   * @return a finite number
   */
  double score(RgbImage picture, GenerationRequest request);
}

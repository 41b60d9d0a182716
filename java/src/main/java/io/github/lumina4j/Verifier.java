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
   * @param result the picture, its codes and what was asked; {@link GenerationResult#mainImage} is
   *     what its user gets
   * @param cancellation may stop it from any thread, with {@link GenerationCancelledException}
   * @return a finite number
   */
  double score(GenerationResult result, CancellationToken cancellation);
}

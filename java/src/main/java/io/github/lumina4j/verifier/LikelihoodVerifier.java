package io.github.lumina4j.verifier;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.Verifier;
import java.util.Objects;

/**
 * The model itself: the score is how likely it says the codes of a picture are, on average. Needs
 * no other program, and one pass over the picture; prefers what the model is sure of, which is
 * plain pictures as well as right ones.
 */
public final class LikelihoodVerifier implements Verifier {
  /** What says it: {@code pipeline::logLikelihood}. */
  @FunctionalInterface
  public interface Model {
    /**
     * As {@link io.github.lumina4j.LuminaPipeline#logLikelihood(GenerationRequest, ImageCodes,
     * CancellationToken)}.
     */
    double logLikelihood(
        GenerationRequest request, ImageCodes codes, CancellationToken cancellation);
  }

  private final Model model;

  public LikelihoodVerifier(Model model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  @Override
  public double score(GenerationResult result, CancellationToken cancellation) {
    return model.logLikelihood(result.request(), result.codes(), cancellation);
  }
}

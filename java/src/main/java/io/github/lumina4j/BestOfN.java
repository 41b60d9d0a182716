package io.github.lumina4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Several pictures of one request, scored.
 *
 * @param candidates at least one, in the order of their seeds
 */
public record BestOfN(List<Candidate> candidates) {

  /** A picture and how well it answers. */
  public record Candidate(GenerationResult result, double score) {
    public Candidate {
      Objects.requireNonNull(result, "result");
    }
  }

  public BestOfN {
    Objects.requireNonNull(candidates, "candidates");
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("no candidates");
    }
  }

  /** The candidate with the highest score, the first of several. */
  public Candidate best() {
    Candidate best = candidates.get(0);
    for (Candidate candidate : candidates) {
      if (candidate.score() > best.score()) {
        best = candidate;
      }
    }
    return best;
  }

  /**
   * Makes {@code count} pictures, with the seed of the request and those that follow it, and asks
   * {@code verifier} about each. A picture that the model ended early is no candidate, unless the
   * request allows it.
   *
   * @param listener hears about the progress of each picture; may be null
   * @param cancellation stops it from any thread; may be null
   * @throws IncompleteImageException if the model ended every picture early
   * @throws LuminaException with {@link ErrorCode#NUMERICAL} if a score is not finite
   */
  public static BestOfN draw(
      Generator generator,
      GenerationRequest request,
      int count,
      Verifier verifier,
      ProgressListener listener,
      CancellationToken cancellation) {
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(verifier, "verifier");
    if (count < 1) {
      throw new IllegalArgumentException("best of " + count + " pictures");
    }
    CancellationToken token = cancellation == null ? new CancellationToken() : cancellation;
    List<Candidate> candidates = new ArrayList<>();
    IncompleteImageException incomplete = null;
    int ended = 0; // pictures that the model ended early
    while (candidates.size() + ended < count) {
      int made = candidates.size() + ended;
      GenerationRequest next = request.withSeed(request.sampling().seed() + made);
      try {
        generator.generateAll(
            next,
            count - made,
            listener,
            token,
            result -> candidates.add(new Candidate(result, score(result, verifier, token))));
      } catch (IncompleteImageException e) {
        incomplete = e;
        ended++;
      }
    }
    if (candidates.isEmpty()) {
      throw incomplete;
    }
    return new BestOfN(candidates);
  }

  private static double score(
      GenerationResult result, Verifier verifier, CancellationToken cancellation) {
    double score = verifier.score(result, cancellation);
    if (!Double.isFinite(score)) {
      long seed = result.request().sampling().seed();
      throw new LuminaException(
          ErrorCode.NUMERICAL, "the verifier's score for seed " + seed + " is " + score);
    }
    return score;
  }
}

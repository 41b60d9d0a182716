package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * How the answer that counts is chosen among several to one question.
 *
 * @param count candidates, 1 for no choice
 * @param verifier scores them, with the model that made them if it wants to; null for the
 *     evaluation's own marks
 */
record AnswerChoice(int count, Function<Backend.Session, Verifier> verifier) {
  /**
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  AnswerChoice {
    if (count < 1) {
      throw new IllegalArgumentException("--best-of must be 1 or more, not " + count);
    }
  }

  /** What the evaluation's own marks are called as a verifier. */
  static final String CHECKER = "checker";

  /**
   * A candidate, as results.json has it.
   *
   * @param passed as in {@link EvaluationOutcome}
   * @param score null if there was nothing to score
   */
  record Candidate(long seed, boolean passed, Double score) {}

  /** An answer and its marks, which tell of the other candidates, too. */
  record Chosen(EvaluationAnswer answer, EvaluationOutcome outcome) {}

  /**
   * Makes the candidates and chooses: the highest score, the first of several. The checker ends the
   * search when nothing can be better.
   *
   * @param first the seed of the first; those of the others follow it
   * @param answers gives the answer with a seed
   * @param marks of an answer with a seed
   */
  Chosen choose(
      Backend.Session session,
      long first,
      LongFunction<EvaluationAnswer> answers,
      Marks marks,
      CancellationToken cancellation) {
    Verifier asked = verifier == null ? null : verifier.apply(session);
    List<Candidate> candidates = new ArrayList<>();
    List<EvaluationOutcome> outcomes = new ArrayList<>();
    EvaluationAnswer best = null;
    int kept = 0;
    for (long seed = first; seed < first + count; seed++) {
      EvaluationAnswer answer = answers.apply(seed);
      EvaluationOutcome outcome = marks.of(seed, answer);
      Double score =
          asked == null
              ? Double.valueOf(checked(outcome))
              : scored(asked, answer, seed, cancellation);
      candidates.add(new Candidate(seed, outcome.passed(), score));
      outcomes.add(outcome);
      Double highest = candidates.get(kept).score();
      if (best == null || score != null && (highest == null || score > highest)) {
        best = answer;
        kept = candidates.size() - 1;
      }
      if (asked == null && score == mostChecked(outcome)) {
        break;
      }
    }
    return new Chosen(
        best, count == 1 ? outcomes.get(0) : outcomes.get(kept).among(outcomes, candidates));
  }

  /** Marks an answer. */
  @FunctionalInterface
  interface Marks {
    EvaluationOutcome of(long seed, EvaluationAnswer answer);
  }

  /** A point for what the picture shows, one for its score if there is a measure. */
  private static double checked(EvaluationOutcome outcome) {
    return (outcome.passed() ? 1 : 0) + (Boolean.TRUE.equals(outcome.good()) ? 1 : 0);
  }

  private static double mostChecked(EvaluationOutcome outcome) {
    return outcome.measure() == null ? 1 : 2;
  }

  /** The mean of the scores of an answer's pictures; null if the answer is not as asked. */
  private static Double scored(
      Verifier verifier, EvaluationAnswer answer, long seed, CancellationToken cancellation) {
    if (!answer.failure().isEmpty()) {
      return null;
    }
    double sum = 0;
    for (GenerationResult result : answer.results()) {
      sum += verifier.score(result, cancellation);
    }
    if (!Double.isFinite(sum)) {
      throw new LuminaException(
          ErrorCode.NUMERICAL, "the verifier's score for seed " + seed + " is " + sum);
    }
    return sum / answer.results().size();
  }
}

package io.github.lumina4j.cli;

import java.util.List;
import java.util.Objects;

/**
 * The marks of a group of questions.
 *
 * @param answers to all its questions
 * @param passed the share of answers that passed, 0 to 1
 * @param made of edits: the share of answers whose changes are made, whatever became of the rest;
 *     null of others
 * @param measure what {@code score} is; null if the group has none
 * @param score the mean of the answers that have one; null if none has
 * @param good the share of answers that passed and have a good score; null if there is no measure
 * @param codesPerPass codes that a pass decided, on average; 0 if there was none
 * @param unscored answers without a score, where the group has a measure
 */
record GroupScore(
    String group,
    int questions,
    int answers,
    double passed,
    Double made,
    Measure measure,
    Double score,
    Double good,
    int unscored,
    double secondsPerPicture,
    double codesPerPass) {

  /** The marks of one group's outcomes, at least one. */
  static GroupScore of(List<EvaluationOutcome> outcomes) {
    EvaluationOutcome first = outcomes.get(0);
    List<Double> scores =
        outcomes.stream().map(EvaluationOutcome::score).filter(Objects::nonNull).toList();
    Measure measure = first.measure();
    return new GroupScore(
        first.group(),
        (int) outcomes.stream().mapToInt(EvaluationOutcome::number).distinct().count(),
        outcomes.size(),
        share(outcomes.stream().filter(EvaluationOutcome::passed).count(), outcomes.size()),
        first.made() == null
            ? null
            : Double.valueOf(
                share(
                    outcomes.stream().filter(outcome -> outcome.made()).count(), outcomes.size())),
        measure,
        scores.isEmpty()
            ? null
            : Double.valueOf(scores.stream().mapToDouble(score -> score).average().getAsDouble()),
        measure == null
            ? null
            : Double.valueOf(
                share(
                    outcomes.stream().filter(outcome -> outcome.good()).count(), outcomes.size())),
        measure == null ? 0 : outcomes.size() - scores.size(),
        outcomes.stream().mapToDouble(EvaluationOutcome::seconds).sum()
            / outcomes.stream().mapToInt(EvaluationOutcome::pictures).sum(),
        share(
            outcomes.stream().mapToLong(EvaluationOutcome::codes).sum(),
            Math.max(1, outcomes.stream().mapToLong(EvaluationOutcome::passes).sum())));
  }

  private static double share(long part, long all) {
    return (double) part / all;
  }
}

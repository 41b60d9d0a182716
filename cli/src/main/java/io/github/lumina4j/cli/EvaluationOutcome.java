package io.github.lumina4j.cli;

import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import io.github.lumina4j.demo.check.ItemCheck;
import java.util.List;
import java.util.Optional;

/**
 * One answer and its marks, as results.json has it.
 *
 * @param number of the question in its group, from 1
 * @param sample the number of this answer to it, from 1
 * @param seed of the picture
 * @param pictures how many were drawn for it, those of other candidates too
 * @param passed whether the picture shows what it should; for dense prediction whether the map is
 *     good
 * @param reason what is wrong; empty if passed
 * @param made of edits: whether the changes are made, whatever became of the rest; null of others
 * @param measure what {@code score} is; null if the group has none
 * @param score null if there is no measure, or the picture shows nothing that it fits
 * @param good whether it has passed and the score is good; null if there is no measure
 * @param seconds for all pictures
 * @param codes that passes decided
 * @param passes that decided codes
 * @param candidates of which this was chosen; null if there was no choice
 * @param file the picture, relative to the folder of the results; null if none is kept
 */
record EvaluationOutcome(
    String group,
    int number,
    int sample,
    String task,
    List<String> prompts,
    boolean heldOut,
    long seed,
    int pictures,
    boolean passed,
    String reason,
    Boolean made,
    Measure measure,
    Double score,
    Boolean good,
    double seconds,
    long codes,
    long passes,
    List<AnswerChoice.Candidate> candidates,
    String file) {

  /** Checks an answer. */
  static EvaluationOutcome of(
      EvaluationItem item, int number, int sample, long seed, EvaluationAnswer answer) {
    Optional<Measure> measure = Measure.of(item.truth());
    boolean passed = false;
    String reason = answer.failure();
    Double score = null;
    Boolean made = item.truth() instanceof Truth.Edited ? Boolean.FALSE : null;
    if (reason.isEmpty()) {
      ItemCheck check = ItemCheck.of(item, answer.panels());
      passed = check.verdict().passed();
      reason = check.verdict().reason();
      made = check.made().orElse(null);
      if (measure.isPresent() && check.score().isPresent()) {
        score = measure.get().value(check.score().getAsDouble());
      }
    }
    boolean reached = score != null && measure.get().reached(score);
    if (item.truth() instanceof Truth.Dense && passed && !reached) {
      passed = false;
      Measure missed = measure.orElseThrow();
      reason = missed.words() + " " + missed.text(score) + ", not " + missed.goal();
    }
    return new EvaluationOutcome(
        item.group(),
        number,
        sample,
        item.task(),
        item.prompts(),
        item.heldOut(),
        seed,
        answer.pictures().size(),
        passed,
        reason,
        made,
        measure.orElse(null),
        score,
        measure.isPresent() ? passed && reached : null,
        answer.seconds(),
        answer.codes(),
        answer.passes(),
        null,
        null);
  }

  /** The same as the one chosen among candidates, with what all of them took. */
  EvaluationOutcome among(List<EvaluationOutcome> all, List<AnswerChoice.Candidate> candidates) {
    return copy(
        all.stream().mapToInt(EvaluationOutcome::pictures).sum(),
        all.stream().mapToDouble(EvaluationOutcome::seconds).sum(),
        all.stream().mapToLong(EvaluationOutcome::codes).sum(),
        all.stream().mapToLong(EvaluationOutcome::passes).sum(),
        List.copyOf(candidates),
        file);
  }

  /** The same with the file of its picture. */
  EvaluationOutcome withFile(String name) {
    return copy(pictures, seconds, codes, passes, candidates, name);
  }

  /** The same marks, with what else there is to say. */
  private EvaluationOutcome copy(
      int newPictures,
      double newSeconds,
      long newCodes,
      long newPasses,
      List<AnswerChoice.Candidate> newCandidates,
      String newFile) {
    return new EvaluationOutcome(
        group,
        number,
        sample,
        task,
        prompts,
        heldOut,
        seed,
        newPictures,
        passed,
        reason,
        made,
        measure,
        score,
        good,
        newSeconds,
        newCodes,
        newPasses,
        newCandidates,
        newFile);
  }
}

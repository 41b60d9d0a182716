package io.github.lumina4j.cli;

import io.github.lumina4j.demo.Category;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The result of an evaluation.
 *
 * @param complete false if it was stopped before its end
 * @param overall the mean of the six categories of GenEval, each counting the same; null if one of
 *     them was not asked
 * @param items every answer; null where only the marks are wanted
 */
record EvaluationReport(
    EvaluationRun.Settings settings,
    boolean complete,
    Double overall,
    List<GroupScore> groups,
    List<ReconstructionScore> reconstruction,
    List<EvaluationOutcome> items) {

  private static final List<String> GENEVAL =
      List.of(
          Category.SINGLE_OBJECT.id(),
          Category.TWO_OBJECT.id(),
          Category.COUNTING.id(),
          Category.COLORS.id(),
          Category.POSITION.id(),
          Category.COLOR_ATTR.id());

  /** The marks of these outcomes. */
  static EvaluationReport of(
      EvaluationRun.Settings settings,
      boolean complete,
      List<EvaluationOutcome> outcomes,
      List<ReconstructionScore> reconstruction) {
    Map<String, List<EvaluationOutcome>> byGroup = new LinkedHashMap<>();
    outcomes.forEach(o -> byGroup.computeIfAbsent(o.group(), g -> new ArrayList<>()).add(o));
    List<GroupScore> groups = byGroup.values().stream().map(GroupScore::of).toList();
    boolean all = byGroup.keySet().containsAll(GENEVAL);
    OptionalDouble mean =
        groups.stream()
            .filter(group -> GENEVAL.contains(group.group()))
            .mapToDouble(GroupScore::passed)
            .average();
    return new EvaluationReport(
        settings,
        complete,
        all ? (Double) mean.orElseThrow() : null,
        groups,
        List.copyOf(reconstruction),
        List.copyOf(outcomes));
  }

  /** The same without the single answers. */
  EvaluationReport summary() {
    return new EvaluationReport(settings, complete, overall, groups, reconstruction, null);
  }

  private static String words(GroupScore group) {
    if (group.measure() == null) {
      return "";
    }
    int without = group.unscored();
    return group.measure().words() + (without > 0 ? ", " + without + " without" : "");
  }

  /** Prints the marks as tables. */
  void print(PrintWriter out) {
    if (!groups.isEmpty()) {
      Table table =
          new Table("lrrrrlrrr")
              .row(
                  "group",
                  "answers",
                  "passed",
                  "made",
                  "score",
                  "",
                  "good",
                  "s/picture",
                  "codes/pass");
      for (GroupScore group : groups) {
        Measure measure = group.measure();
        table.row(
            group.group(),
            Integer.toString(group.answers()),
            Units.decimal(group.passed(), 3),
            group.made() == null ? "" : Units.decimal(group.made(), 3),
            group.score() == null ? "" : measure.text(group.score()),
            words(group),
            measure == null ? "" : Units.decimal(group.good(), 3),
            Units.decimal(group.secondsPerPicture(), 2),
            Units.decimal(group.codesPerPass(), 2));
      }
      table.print(out, "");
    }
    if (overall != null) {
      out.println();
      out.println("overall " + Units.decimal(overall, 3) + ", the mean of the six categories");
    }
    if (!reconstruction.isEmpty()) {
      out.println();
      Table table =
          new Table("lrrrr").row("reconstruction", "pictures", "dB", "least", "s/picture");
      for (ReconstructionScore score : reconstruction) {
        table.row(
            score.kind(),
            Integer.toString(score.pictures()),
            Units.decimal(score.meanDb(), 2),
            Units.decimal(score.leastDb(), 2),
            Units.decimal(score.secondsPerPicture(), 2));
      }
      table.print(out, "");
    }
  }
}

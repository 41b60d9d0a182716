package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.demo.check.EvaluationItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a model the questions of the demo world, one after the other, and marks the answers. */
final class EvaluationRun {
  /**
   * What the results depend on, as they tell it.
   *
   * @param bestOf candidates of each answer, 1 for no choice
   * @param verifier chose among them; null if there was no choice
   */
  record Settings(
      String software,
      String set,
      String model,
      String imageTokenizer,
      String dtype,
      String quantize,
      String activations,
      String kvCache,
      String imageDtype,
      long seed,
      int samples,
      int bestOf,
      String verifier,
      double cfg,
      String cfgSchedule,
      int topK,
      double temperature,
      String sampling,
      UsedDecoding speculate) {}

  /**
   * What to ask.
   *
   * @param samples answers to each question
   * @param choice how each of them is chosen among several
   * @param reconstructions how many scenes go through the image tokenizer and back
   * @param folder for pictures and results, if they are to be kept
   */
  record Plan(
      Settings settings,
      PipelineOptions model,
      SamplingOptions sampling,
      DecodingOptions decoding,
      List<EvaluationItem> items,
      int samples,
      AnswerChoice choice,
      int reconstructions,
      Optional<EvaluationFolder> folder) {}

  private final Command command;
  private final Plan plan;
  private final List<EvaluationOutcome> outcomes = new ArrayList<>();
  private final ReconstructionScore.Sum scenes = new ReconstructionScore.Sum("scenes");
  private final ReconstructionScore.Sum maps = new ReconstructionScore.Sum("maps");
  private final Unwritten unwritten;
  private long passed;

  EvaluationRun(Command command, Plan plan) {
    this.command = command;
    this.plan = plan;
    unwritten = new Unwritten(command);
  }

  /** Asks everything and reports; what was answered before a failure is kept in the folder. */
  void run() {
    try {
      try (Backend.Session session = command.open(plan.model())) {
        ask(session);
      }
    } catch (LuminaException failure) {
      plan.folder().ifPresent(folder -> folder.keep(report(false), failure, unwritten));
      throw failure;
    }
    EvaluationReport report = report(true);
    plan.folder().ifPresent(folder -> folder.write(report, unwritten));
    if (command.report().json()) {
      command.json(report.summary(), unwritten.problem());
    } else {
      report.print(command.out());
    }
    unwritten.end();
  }

  private void ask(Backend.Session session) {
    int answers = plan.items().size() * plan.samples();
    try (CountingProgress progress =
        CountingProgress.of(
            command.environment().terminal(),
            command.report().quiet(),
            command.err(),
            "questions",
            answers + plan.reconstructions())) {
      Map<String, Integer> numbers = new HashMap<>();
      for (EvaluationItem item : plan.items()) {
        int number = numbers.merge(item.group(), 1, Integer::sum);
        for (int sample = 1; sample <= plan.samples(); sample++) {
          command.checkCancelled();
          answer(session, item, number, sample);
          progress.stepTo(outcomes.size(), remark());
        }
      }
      for (int i = 0; i < plan.reconstructions(); i++) {
        command.checkCancelled();
        List<RgbImage> pictures = ReconstructionScore.pictures(plan.settings().seed(), i);
        scenes.add(session, pictures.get(0));
        maps.add(session, pictures.get(1));
        progress.stepTo(answers + i + 1L, remark());
      }
    }
  }

  private void answer(Backend.Session session, EvaluationItem item, int number, int sample) {
    CancellationToken cancellation = command.environment().cancellation();
    AnswerChoice.Chosen chosen =
        plan.choice()
            .choose(
                session,
                item.seed() + (sample - 1L) * plan.choice().count(),
                seed ->
                    EvaluationAnswer.of(
                        session,
                        item,
                        plan.sampling().withSeed(seed),
                        plan.decoding(),
                        cancellation),
                (seed, answer) -> EvaluationOutcome.of(item, number, sample, seed, answer),
                cancellation);
    EvaluationAnswer answer = chosen.answer();
    EvaluationOutcome outcome =
        plan.folder()
            .map(f -> f.picture(item, number, sample, answer.last(), unwritten))
            .map(file -> chosen.outcome().withFile(file))
            .orElse(chosen.outcome());
    outcomes.add(outcome);
    passed += outcome.passed() ? 1 : 0;
    plan.folder().ifPresent(folder -> folder.sheet().add(item, answer, outcome));
  }

  private String remark() {
    return outcomes.isEmpty()
        ? ""
        : Units.decimal(100.0 * passed / outcomes.size(), 1) + " % passed";
  }

  private EvaluationReport report(boolean complete) {
    List<ReconstructionScore> reconstruction = new ArrayList<>();
    if (!maps.isEmpty()) {
      reconstruction.add(scenes.score());
      reconstruction.add(maps.score());
    }
    return EvaluationReport.of(plan.settings(), complete, outcomes, reconstruction);
  }
}

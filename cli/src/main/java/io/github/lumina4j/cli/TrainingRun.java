package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.training.TrainingJob;
import io.github.lumina4j.training.TrainingProgress;
import io.github.lumina4j.training.TrainingResult;
import java.time.Duration;

/** Runs the training job of a command and reports on it. */
final class TrainingRun {
  /** An update and a checkpoint of a large model take this long at most; see {@link Shutdown}. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private record Report(
      String output,
      String model,
      Long firstStep,
      Long steps,
      Boolean finished,
      Double loss,
      double seconds,
      ErrorReport error) {}

  private final Command command;
  private final TrainingJob job;
  private TrainingProgress last;

  TrainingRun(Command command, TrainingJob job) {
    this.command = command;
    this.job = job;
  }

  /** Trains to the end, the time limit or Ctrl-C. */
  void run() {
    command.checkCancelled();
    Environment environment = command.environment();
    environment.patience().accept(PATIENCE);
    long start = System.nanoTime();
    try {
      TrainingResult result;
      try (TrainingDisplay display =
          TrainingDisplay.of(environment.terminal(), command.report().quiet(), command.err())) {
        result =
            command
                .backend()
                .train(
                    job,
                    progress -> {
                      last = progress;
                      display.onUpdate(progress);
                    },
                    environment.cancellation());
      }
      report(result, (System.nanoTime() - start) / 1e9);
    } catch (LuminaException failure) {
      if (failure instanceof GenerationCancelledException && last != null) {
        command.note(
            ("stopped after step " + last.step() + " of " + last.steps())
                + "; the same command continues from there");
      }
      reportJson(failure, (System.nanoTime() - start) / 1e9);
      throw failure;
    }
  }

  private void report(TrainingResult result, double seconds) {
    if (command.report().json()) {
      command.json(
          new Report(
              job.output().toString(),
              result.model().toString(),
              result.firstStep(),
              result.steps(),
              result.finished(),
              last == null ? null : result.loss(),
              seconds,
              null));
    } else {
      command.out().println(result.model());
    }
    String loss = last == null ? "" : ", loss " + Units.decimal(result.loss(), 4);
    command.note(
        ("steps " + result.firstStep() + " to " + result.steps())
            + (" in " + Units.duration(seconds) + loss)
            + (result.finished() ? "" : "; time is up, the same command continues from there"));
  }

  private void reportJson(LuminaException failure, double seconds) {
    if (command.report().json()) {
      ErrorReport error = ErrorReport.of(failure);
      Long steps = last == null ? null : last.step();
      Double loss = last == null ? null : last.loss();
      command.json(
          new Report(job.output().toString(), null, null, steps, false, loss, seconds, error));
    }
  }
}

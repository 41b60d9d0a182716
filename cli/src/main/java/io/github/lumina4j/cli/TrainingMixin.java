package io.github.lumina4j.cli;

import io.github.lumina4j.Device;
import io.github.lumina4j.Precision;
import io.github.lumina4j.training.TrainingLength;
import io.github.lumina4j.training.TrainingOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every kind of training whose defaults are the same. */
final class TrainingMixin {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description =
          "The folder of the run: log.jsonl, curves.png, checkpoints (step-00000500), "
              + "and the model at the end (final). If it holds an unfinished run of the "
              + "same command, that run goes on.")
  private Path output;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "After the warm-up, 2e-5 by default.")
  private double learningRate = 2e-5;

  @Option(
      names = "--min-learning-rate",
      paramLabel = "RATE",
      description = "At the end of half a cosine, 0 by default.")
  private double minLearningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "N",
      description = "Decoupled, on every parameter; 0 by default.")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Largest norm of all gradients together, 4 by default; 0 for no limit.")
  private double clip = 4;

  @Option(names = "--beta1", paramLabel = "N", description = "Of AdamW, 0.9 by default.")
  private double beta1 = 0.9;

  @Option(names = "--beta2", paramLabel = "N", description = "Of AdamW, 0.95 by default.")
  private double beta2 = 0.95;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of order, dropout and fresh weights, 0 by default.")
  private long seed;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "Steps between checkpoints, 500 by default.")
  private int saveEvery = 500;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "How many of the newest checkpoints stay, 2 by default.")
  private int keep = 2;

  @Option(
      names = "--validation-records",
      paramLabel = "N",
      description = "Hold the last N records of each --data out for validation; 0 by default.")
  private int validationRecords;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      description = "Steps between validations; 0, the default, is with each checkpoint.")
  private int validateEvery;

  @Option(
      names = "--max-seconds",
      paramLabel = "N",
      description =
          "Write a checkpoint and stop after this time; the same command goes on from "
              + "there. 0, the default, is no limit.")
  private double maxSeconds;

  Path output() {
    return output;
  }

  /**
   * All options together.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  TrainingOptions toOptions(
      TrainingLength length,
      TrainingLength warmup,
      int batchSize,
      int accumulation,
      Precision precision,
      int threads,
      Device device) {
    return new TrainingOptions(
        length,
        warmup,
        batchSize,
        accumulation,
        learningRate,
        minLearningRate,
        weightDecay,
        clip,
        beta1,
        beta2,
        precision,
        seed,
        threads,
        device,
        saveEvery,
        keep,
        validateEvery,
        validationRecords,
        maxSeconds);
  }
}

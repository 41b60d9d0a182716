package io.github.lumina4j.cli;

import io.github.lumina4j.Device;
import io.github.lumina4j.Precision;
import io.github.lumina4j.training.Optimizer;
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
              + "same command, that run continues.")
  private Path output;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      converter = Converters.OptimizerName.class,
      description =
          "adamw, or muon for the matrices and convolutions of the hidden layers (default: adamw).")
  private Optimizer optimizer = Optimizer.ADAMW;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "After the warm-up (default: 2e-5).")
  private double learningRate = 2e-5;

  @Option(
      names = "--min-learning-rate",
      paramLabel = "RATE",
      description = "At the end of half a cosine (default: 0).")
  private double minLearningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "N",
      description = "Decoupled, on every parameter (default: 0).")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Largest norm of all gradients together (default: 4); 0 for no limit.")
  private double clip = 4;

  @Option(names = "--beta1", paramLabel = "N", description = "Of AdamW (default: 0.9).")
  private double beta1 = 0.9;

  @Option(names = "--beta2", paramLabel = "N", description = "Of AdamW (default: 0.95).")
  private double beta2 = 0.95;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of order, dropout and fresh weights (default: 0).")
  private long seed;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "Steps between checkpoints (default: 500).")
  private int saveEvery = 500;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "How many of the newest checkpoints stay (default: 2).")
  private int keep = 2;

  @Option(
      names = "--validation-records",
      paramLabel = "N",
      description = "Hold the last N records of each --data out for validation (default: 0).")
  private int validationRecords;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      description = "Steps between validations; 0 is with each checkpoint (default: 0).")
  private int validateEvery;

  @Option(
      names = "--max-seconds",
      paramLabel = "N",
      description =
          "Write a checkpoint and stop after this time; the same command continues from "
              + "there; 0 is no limit (default: 0).")
  private double maxSeconds;

  Path output() {
    return output;
  }

  Optimizer optimizer() {
    return optimizer;
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

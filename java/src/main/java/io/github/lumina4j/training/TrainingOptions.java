package io.github.lumina4j.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.Device;
import io.github.lumina4j.Precision;
import java.util.Objects;

/**
 * What every kind of training has: a linear warm-up of the learning rate and then half a cosine,
 * clipping by the norm of all gradients, checkpoints. Defaults come with the kind: {@link
 * Finetuning#defaultOptions} and {@link TokenizerTraining#defaultOptions}.
 *
 * @param length of the whole run; whole updates, or epochs
 * @param warmup until the learning rate has its full height
 * @param batchSize examples per forward pass, 1 to 65,535
 * @param accumulation forward passes per update, 1 to 65,535
 * @param learningRate at the end of the warm-up
 * @param minLearningRate at the end of the run, 0 to {@code learningRate}
 * @param weightDecay decoupled, on every parameter; 0 for none
 * @param clip largest gradient norm; 0 for no limit
 * @param beta1 decay of the mean of the gradients, 0 to below 1
 * @param beta2 decay of the mean of their squares, 0 to below 1
 * @param precision of the computation, fp32 or bf16; weights being trained are kept in fp32
 * @param seed of order, dropout and fresh weights, 0 or more
 * @param threads processor threads, 0 for one per allowed processor
 * @param device where to compute
 * @param saveEvery updates between checkpoints
 * @param keep newest checkpoints that stay, 1 or more
 * @param validateEvery updates between validations; 0: with the checkpoints only
 * @param validationRecords the last records of each source, held out for validation
 * @param maxSeconds time limit of one call; 0 for none
 */
public record TrainingOptions(
    TrainingLength length,
    TrainingLength warmup,
    int batchSize,
    int accumulation,
    double learningRate,
    double minLearningRate,
    double weightDecay,
    double clip,
    double beta1,
    double beta2,
    Precision precision,
    long seed,
    int threads,
    Device device,
    int saveEvery,
    int keep,
    int validateEvery,
    int validationRecords,
    double maxSeconds) {
  private static final int MAX_COUNT = 65535;

  public TrainingOptions {
    Objects.requireNonNull(length, "length");
    Objects.requireNonNull(warmup, "warmup");
    Checks.require(length.amount() > 0, "the length of training must be above 0");
    Checks.require(
        length.unit() == TrainingLength.Unit.EPOCHS
            || length.amount() == Math.rint(length.amount()),
        "steps must be a whole number, not " + length.amount());
    Checks.inRange("batch size", batchSize, 1, MAX_COUNT);
    Checks.inRange("accumulation", accumulation, 1, MAX_COUNT);
    Checks.atLeastZero("learning rate", learningRate);
    Checks.atLeastZero("least learning rate", minLearningRate);
    Checks.require(
        minLearningRate <= learningRate,
        "least learning rate " + minLearningRate + " is above the learning rate " + learningRate);
    Checks.atLeastZero("weight decay", weightDecay);
    Checks.atLeastZero("clip", clip);
    Checks.require(beta1 >= 0 && beta1 < 1, "beta1 must be 0 to below 1, not " + beta1);
    Checks.require(beta2 >= 0 && beta2 < 1, "beta2 must be 0 to below 1, not " + beta2);
    Checks.require(
        precision == Precision.FP32 || precision == Precision.BF16,
        "precision of training must be fp32 or bf16");
    Checks.require(seed >= 0, "seed must be 0 or more, not " + seed);
    Checks.inRange("threads", threads, 0, 4096);
    Objects.requireNonNull(device, "device");
    Checks.inRange("updates between checkpoints", saveEvery, 1, Integer.MAX_VALUE);
    Checks.inRange("kept checkpoints", keep, 1, 1_000_000);
    Checks.inRange("updates between validations", validateEvery, 0, Integer.MAX_VALUE);
    Checks.inRange("validation records", validationRecords, 0, Integer.MAX_VALUE);
    Checks.atLeastZero("time limit", maxSeconds);
  }

  /** Adds these options under the engine's names. */
  void describe(ObjectNode json) {
    switch (length.unit()) {
      case STEPS -> json.put("steps", (long) length.amount());
      case EPOCHS -> json.put("epochs", length.amount());
    }
    switch (warmup.unit()) {
      case STEPS -> json.put("warmup_steps", warmup.amount());
      case EPOCHS -> json.put("warmup_epochs", warmup.amount());
    }
    json.put("batch_size", batchSize)
        .put("accumulation", accumulation)
        .put("learning_rate", learningRate)
        .put("min_learning_rate", minLearningRate)
        .put("weight_decay", weightDecay)
        .put("clip", clip)
        .put("beta1", beta1)
        .put("beta2", beta2)
        .put("precision", precision.id())
        .put("seed", seed)
        .put("threads", threads)
        .put("device", device.name())
        .put("save_every", saveEvery)
        .put("keep", keep)
        .put("validate_every", validateEvery)
        .put("validation_records", validationRecords)
        .put("max_seconds", maxSeconds);
  }

  /** These options, to be changed in part. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects options; names and ranges are those of the record. */
  public static final class Builder {
    private TrainingLength length;
    private TrainingLength warmup;
    private int batchSize;
    private int accumulation;
    private double learningRate;
    private double minLearningRate;
    private double weightDecay;
    private double clip;
    private double beta1;
    private double beta2;
    private Precision precision;
    private long seed;
    private int threads;
    private Device device;
    private int saveEvery;
    private int keep;
    private int validateEvery;
    private int validationRecords;
    private double maxSeconds;

    private Builder(TrainingOptions from) {
      length = from.length;
      warmup = from.warmup;
      batchSize = from.batchSize;
      accumulation = from.accumulation;
      learningRate = from.learningRate;
      minLearningRate = from.minLearningRate;
      weightDecay = from.weightDecay;
      clip = from.clip;
      beta1 = from.beta1;
      beta2 = from.beta2;
      precision = from.precision;
      seed = from.seed;
      threads = from.threads;
      device = from.device;
      saveEvery = from.saveEvery;
      keep = from.keep;
      validateEvery = from.validateEvery;
      validationRecords = from.validationRecords;
      maxSeconds = from.maxSeconds;
    }

    public Builder length(TrainingLength length) {
      this.length = length;
      return this;
    }

    public Builder warmup(TrainingLength warmup) {
      this.warmup = warmup;
      return this;
    }

    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    public Builder accumulation(int accumulation) {
      this.accumulation = accumulation;
      return this;
    }

    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    public Builder minLearningRate(double minLearningRate) {
      this.minLearningRate = minLearningRate;
      return this;
    }

    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    public Builder clip(double clip) {
      this.clip = clip;
      return this;
    }

    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    public Builder precision(Precision precision) {
      this.precision = precision;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    public Builder saveEvery(int saveEvery) {
      this.saveEvery = saveEvery;
      return this;
    }

    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    public Builder validateEvery(int validateEvery) {
      this.validateEvery = validateEvery;
      return this;
    }

    public Builder validationRecords(int validationRecords) {
      this.validationRecords = validationRecords;
      return this;
    }

    public Builder maxSeconds(double maxSeconds) {
      this.maxSeconds = maxSeconds;
      return this;
    }

    /** Validates. */
    public TrainingOptions build() {
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
}

package io.github.lumina4j.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.Device;
import io.github.lumina4j.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Trains an image tokenizer, MoVQGAN: reconstruction, a learned codebook, straight-through
 * gradients. The loss of pictures in [-1, 1] is |x - y| + {@code l2Weight} (x - y)^2 + {@code
 * codebookWeight} (|sg(z) - e|^2 + {@code commitment} |z - sg(e)|^2).
 *
 * @param output the run's folder; the model is {@code final/movqgan.safetensors}
 * @param sources pixel records: folders of {@code pixels-*.safetensors}, or such files, with {@code
 *     pixels} U8 [n, height, width, 3]
 * @param from the MoVQGAN file to go on from; empty for a fresh one
 * @param shape of a fresh one; must be the default with {@code from}, whose shape counts
 * @param crop side of random square crops in pixels, a multiple of 8; 0 for whole pictures
 * @param l2Weight of the squared error, 0 or more
 * @param codebookWeight of the codebook's terms, 0 or more
 * @param commitment of the encoder to its codes, 0 or more
 * @param freeSteps updates without quantisation, after which the codebook is set from the data;
 *     empty: 200 for a fresh one, 0 with {@code from}
 * @param restartEvery updates between restarts of codes that nothing uses; 0 for never
 * @param restartUntil share of the run after which codes stay as they are, 0 to 1
 * @param mergeDistance after that, codes nearer than this to one that is used more are the same
 *     code, so that what looks the same has fewer names, which a language model learns faster; 0
 *     for none
 * @param optimizer how gradients become updates
 * @param weights number format of the saved weights, fp32 or bf16
 * @param options common to all training; length and warm-up in steps
 */
public record TokenizerTraining(
    Path output,
    List<Source> sources,
    Optional<Path> from,
    Shape shape,
    int crop,
    double l2Weight,
    double codebookWeight,
    double commitment,
    OptionalInt freeSteps,
    int restartEvery,
    double restartUntil,
    double mergeDistance,
    Optimizer optimizer,
    Precision weights,
    TrainingOptions options)
    implements TrainingJob {
  private static final int LEVELS = 4;

  /**
   * Pixel records to train on.
   *
   * @param path the folder or file
   * @param weight its share of the batches, before the weights are divided by their sum
   */
  public record Source(Path path, double weight) {
    public Source {
      Objects.requireNonNull(path, "path");
      Checks.require(
          weight > 0 && !Double.isInfinite(weight),
          path + ": weight must be a number above 0, not " + weight);
    }
  }

  /**
   * The size of a MoVQGAN with four levels, which makes one code of 8x8 pixels.
   *
   * @param channels base width, a multiple of 32, 32 to 4096
   * @param multipliers width of each level in units of {@code channels}, 1 to 64
   * @param attention which levels have attention blocks
   * @param residualBlocks per level of the encoder; the decoder has one more; 1 to 64
   * @param codebookSize number of codes, 2 to 1,048,576
   * @param embedDim width of a code, 1 to 256
   * @param latentChannels between encoder and codebook, 1 to 256
   */
  public record Shape(
      int channels,
      List<Integer> multipliers,
      List<Boolean> attention,
      int residualBlocks,
      int codebookSize,
      int embedDim,
      int latentChannels) {
    /** The released 270M model, with 16,384 codes. */
    public static final Shape RELEASED =
        new Shape(256, List.of(1, 2, 2, 4), List.of(false, false, false, true), 2, 16384, 4, 4);

    public Shape {
      multipliers = List.copyOf(multipliers);
      attention = List.copyOf(attention);
      Checks.inRange("channels", channels, 32, 4096);
      Checks.require(channels % 32 == 0, "channels must be a multiple of 32, not " + channels);
      Checks.require(
          multipliers.size() == LEVELS && attention.size() == LEVELS,
          "multipliers and attention need four entries, one per level");
      multipliers.forEach(factor -> Checks.inRange("a multiplier", factor, 1, 64));
      Checks.inRange("residual blocks", residualBlocks, 1, 64);
      Checks.inRange("codebook size", codebookSize, 2, 1 << 20);
      Checks.inRange("width of a code", embedDim, 1, 256);
      Checks.inRange("latent channels", latentChannels, 1, 256);
    }

    private void describe(ObjectNode json) {
      json.put("channels", channels)
          .put("num_res_blocks", residualBlocks)
          .put("codebook_size", codebookSize)
          .put("embed_dim", embedDim)
          .put("z_channels", latentChannels);
      multipliers.forEach(json.putArray("multipliers")::add);
      attention.forEach(json.putArray("attention")::add);
    }
  }

  public TokenizerTraining {
    Objects.requireNonNull(output, "output");
    sources = List.copyOf(sources);
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(freeSteps, "freeSteps");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(options, "options");
    Checks.require(!sources.isEmpty(), "no pixel records to train on");
    Checks.require(
        from.isEmpty() || shape.equals(Shape.RELEASED),
        "a shape is for a fresh image tokenizer; the one to go on from has its own");
    Checks.inRange("crop", crop, 0, 1 << 20);
    Checks.require(crop % 8 == 0, "crop must be a multiple of 8, not " + crop);
    Checks.atLeastZero("weight of the squared error", l2Weight);
    Checks.atLeastZero("weight of the codebook", codebookWeight);
    Checks.atLeastZero("commitment", commitment);
    freeSteps.ifPresent(steps -> Checks.inRange("free steps", steps, 0, Integer.MAX_VALUE));
    Checks.inRange("updates between restarts", restartEvery, 0, Integer.MAX_VALUE);
    Checks.require(
        restartUntil >= 0 && restartUntil <= 1,
        "the share until which codes restart must be 0 to 1, not " + restartUntil);
    Checks.atLeastZero("distance of codes to merge", mergeDistance);
    Checks.require(
        weights == Precision.FP32 || weights == Precision.BF16,
        "saved weights must be fp32 or bf16");
    Checks.require(
        options.length().unit() == TrainingLength.Unit.STEPS
            && options.warmup().unit() == TrainingLength.Unit.STEPS,
        "an image tokenizer is trained for a number of steps, not of epochs");
  }

  /** 10,000 steps of batches of 8 in fp32, no warm-up, 2e-5, beta2 0.95. */
  public static TrainingOptions defaultOptions() {
    return new TrainingOptions(
        TrainingLength.steps(10_000),
        TrainingLength.steps(0),
        8,
        1,
        2e-5,
        0,
        0,
        4,
        0.9,
        0.95,
        Precision.FP32,
        0,
        0,
        Device.CPU,
        500,
        2,
        0,
        0,
        0);
  }

  /** A job with everything else by default. */
  public static Builder builder(Path output) {
    return new Builder(output);
  }

  @Override
  public TrainingResult run(TrainingListener listener, CancellationToken cancellation) {
    return TrainingRunner.run(this, describe(), listener, cancellation);
  }

  /** The job as the engine reads it. */
  ObjectNode describe() {
    ObjectNode json = TrainingRunner.describe(this, "movqgan");
    ArrayNode list = json.putArray("sources");
    sources.forEach(
        source ->
            list.addObject().put("path", source.path().toString()).put("weight", source.weight()));
    from.ifPresentOrElse(file -> json.put("from", file.toString()), () -> shape.describe(json));
    json.put("crop", crop)
        .put("l2_weight", l2Weight)
        .put("codebook_weight", codebookWeight)
        .put("commitment", commitment);
    freeSteps.ifPresent(steps -> json.put("free_steps", steps));
    return json.put("restart_every", restartEvery)
        .put("restart_until", restartUntil)
        .put("merge_distance", mergeDistance)
        .put("optimizer", optimizer.id())
        .put("weights", weights.id());
  }

  /** Collects options; names and ranges are those of the record. */
  public static final class Builder {
    private final Path output;
    private final List<Source> sources = new ArrayList<>();
    private Optional<Path> from = Optional.empty();
    private Shape shape = Shape.RELEASED;
    private int crop;
    private double l2Weight = 1;
    private double codebookWeight = 1;
    private double commitment = 0.25;
    private OptionalInt freeSteps = OptionalInt.empty();
    private int restartEvery = 50;
    private double restartUntil = 0.8;
    private double mergeDistance;
    private Optimizer optimizer = Optimizer.ADAMW;
    private Precision weights = Precision.FP32;
    private TrainingOptions options = defaultOptions();

    private Builder(Path output) {
      this.output = output;
    }

    /** Adds pixel records. */
    public Builder source(Path path, double weight) {
      sources.add(new Source(path, weight));
      return this;
    }

    /** Goes on from a MoVQGAN file. */
    public Builder from(Path from) {
      this.from = Optional.of(from);
      return this;
    }

    public Builder shape(Shape shape) {
      this.shape = shape;
      return this;
    }

    public Builder crop(int crop) {
      this.crop = crop;
      return this;
    }

    public Builder l2Weight(double l2Weight) {
      this.l2Weight = l2Weight;
      return this;
    }

    public Builder codebookWeight(double codebookWeight) {
      this.codebookWeight = codebookWeight;
      return this;
    }

    public Builder commitment(double commitment) {
      this.commitment = commitment;
      return this;
    }

    public Builder freeSteps(int freeSteps) {
      this.freeSteps = OptionalInt.of(freeSteps);
      return this;
    }

    public Builder restartEvery(int restartEvery) {
      this.restartEvery = restartEvery;
      return this;
    }

    public Builder restartUntil(double restartUntil) {
      this.restartUntil = restartUntil;
      return this;
    }

    public Builder mergeDistance(double mergeDistance) {
      this.mergeDistance = mergeDistance;
      return this;
    }

    public Builder optimizer(Optimizer optimizer) {
      this.optimizer = optimizer;
      return this;
    }

    public Builder weights(Precision weights) {
      this.weights = weights;
      return this;
    }

    public Builder options(TrainingOptions options) {
      this.options = options;
      return this;
    }

    /** Validates. */
    public TokenizerTraining build() {
      return new TokenizerTraining(
          output,
          sources,
          from,
          shape,
          crop,
          l2Weight,
          codebookWeight,
          commitment,
          freeSteps,
          restartEvery,
          restartUntil,
          mergeDistance,
          optimizer,
          weights,
          options);
    }
  }
}

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

/**
 * Trains the transformer on token records: next-token cross-entropy on the labelled tokens, whole
 * or by LoRA adapters (docs/spec/model.md 9). Checkpoints are complete model folders with their
 * tokenizer, or with {@code lora} adapter folders in PEFT's layout.
 *
 * @param output the run's folder; the model is {@code final}
 * @param start the model to begin with
 * @param data what to train on
 * @param maxSequenceLength longest record in tokens, 2 or more; 256x256 pixels need 1,060 and the
 *     prompt, 768x768 need 9,316
 * @param promptDropout share of pictures that are learned without their prompt, for guidance; 0 to
 *     below 1
 * @param dropout after attention and after the MLP, 0 to below 1
 * @param zLoss weight of the mean squared log-partition, 0 for none
 * @param checkpointing whether layers compute their activations again for the gradients: less
 *     memory, a third more time
 * @param weights number format of the saved weights, bf16 or fp32
 * @param lora adapters to train instead of the whole model
 * @param optimizer adapters are trained by AdamW only
 * @param options common to all training
 */
public record Finetuning(
    Path output,
    StartingModel start,
    List<Data> data,
    int maxSequenceLength,
    double promptDropout,
    double dropout,
    double zLoss,
    boolean checkpointing,
    Precision weights,
    Optional<Lora> lora,
    Optimizer optimizer,
    TrainingOptions options)
    implements TrainingJob {

  /**
   * Token records to train on.
   *
   * @param path a folder of {@code records-*.safetensors}, one such file, a {@code .jsonl} file, or
   *     what the Python original makes: a {@code .json} or {@code .jsonl} file of records or of the
   *     names of pickled ones, such a {@code .pkl}, their folder, or the YAML file that lists
   *     several
   * @param ratio share of the records used in each epoch, above 0 to 1
   */
  public record Data(Path path, double ratio) {
    public Data {
      Objects.requireNonNull(path, "path");
      Checks.require(
          ratio > 0 && ratio <= 1, path + ": ratio must be above 0 and at most 1, not " + ratio);
    }
  }

  /**
   * Low-rank adapters: W + {@code alpha} / {@code rank} B A (Hu et al., arXiv:2106.09685).
   *
   * @param rank of B and A, 1 to 4096
   * @param alpha scale, above 0
   * @param targets the linear layers, by name
   */
  public record Lora(int rank, double alpha, List<String> targets) {
    /** The linear layers of the transformer. */
    public static final List<String> LINEAR_LAYERS =
        List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    public Lora {
      targets = List.copyOf(targets);
      Checks.inRange("rank", rank, 1, 4096);
      Checks.require(
          alpha > 0 && !Double.isInfinite(alpha), "alpha must be a number above 0, not " + alpha);
      Checks.require(!targets.isEmpty(), "adapters need at least one target");
      for (String target : targets) {
        Checks.require(
            LINEAR_LAYERS.contains(target),
            "no linear layer is called '"
                + target
                + "'; known: "
                + String.join(", ", LINEAR_LAYERS));
      }
      Checks.require(
          targets.stream().distinct().count() == targets.size(), "a target is named twice");
    }
  }

  public Finetuning {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(start, "start");
    data = List.copyOf(data);
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(lora, "lora");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(options, "options");
    Checks.require(!data.isEmpty(), "no records to train on");
    Checks.inRange("longest record", maxSequenceLength, 2, 1 << 24);
    Checks.require(
        promptDropout >= 0 && promptDropout < 1,
        "prompt dropout must be 0 to below 1, not " + promptDropout);
    Checks.require(dropout >= 0 && dropout < 1, "dropout must be 0 to below 1, not " + dropout);
    Checks.atLeastZero("weight of the z-loss", zLoss);
    Checks.require(
        weights == Precision.FP32 || weights == Precision.BF16,
        "saved weights must be fp32 or bf16");
    Checks.require(
        lora.isEmpty() || start instanceof StartingModel.Existing,
        "adapters need a model to adapt, not a fresh one");
    Checks.require(
        lora.isEmpty() || optimizer == Optimizer.ADAMW, "adapters are trained by adamw only");
  }

  /**
   * The reference's defaults (docs/spec/model.md 9.7): one epoch with 0.03 of warm-up, 4 records
   * times 4 passes, 2e-5, beta2 0.95, clip 4, bf16; a checkpoint every 500 updates, two stay.
   */
  public static TrainingOptions defaultOptions() {
    return new TrainingOptions(
        TrainingLength.epochs(1),
        TrainingLength.epochs(0.03),
        4,
        4,
        2e-5,
        0,
        0,
        4,
        0.9,
        0.95,
        Precision.BF16,
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
  public static Builder builder(Path output, StartingModel start) {
    return new Builder(output, start);
  }

  @Override
  public TrainingResult run(TrainingListener listener, CancellationToken cancellation) {
    return TrainingRunner.run(this, describe(), listener, cancellation);
  }

  /** The job as the engine reads it; reads the configuration and the tokenizer. */
  ObjectNode describe() {
    ObjectNode json = TrainingRunner.describe(this, "transformer");
    StartingModelFiles.describe(start, json);
    ArrayNode list = json.putArray("records");
    for (Data part : data) {
      for (DataSources.Source source : DataSources.of(part)) {
        ObjectNode entry = list.addObject();
        entry.put("path", source.path().toString()).put("ratio", source.ratio());
        if (!source.type().isEmpty()) {
          entry.put("type", source.type());
        }
      }
    }
    json.put("max_seq_len", maxSequenceLength)
        .put("prompt_dropout", promptDropout)
        .put("dropout", dropout)
        .put("z_loss", zLoss)
        .put("checkpointing", checkpointing)
        .put("weights", weights.id())
        .put("optimizer", optimizer.id());
    lora.ifPresent(
        adapters -> {
          ObjectNode target = json.putObject("lora");
          target.put("rank", adapters.rank()).put("alpha", adapters.alpha());
          adapters.targets().forEach(target.putArray("targets")::add);
        });
    return json;
  }

  /** Collects options; names and ranges are those of the record. */
  public static final class Builder {
    private final Path output;
    private final StartingModel start;
    private final List<Data> data = new ArrayList<>();
    private int maxSequenceLength = 1024;
    private double promptDropout = 0.1;
    private double dropout = 0.05;
    private double zLoss;
    private boolean checkpointing;
    private Precision weights = Precision.BF16;
    private Optional<Lora> lora = Optional.empty();
    private Optimizer optimizer = Optimizer.ADAMW;
    private TrainingOptions options = defaultOptions();

    private Builder(Path output, StartingModel start) {
      this.output = output;
      this.start = start;
    }

    /** Adds records, all of them in each epoch. */
    public Builder data(Path path) {
      return data(path, 1);
    }

    /** Adds records, {@code ratio} of them in each epoch. */
    public Builder data(Path path, double ratio) {
      data.add(new Data(path, ratio));
      return this;
    }

    public Builder lora(Lora lora) {
      this.lora = Optional.of(lora);
      return this;
    }

    public Builder optimizer(Optimizer optimizer) {
      this.optimizer = optimizer;
      return this;
    }

    public Builder maxSequenceLength(int maxSequenceLength) {
      this.maxSequenceLength = maxSequenceLength;
      return this;
    }

    public Builder promptDropout(double promptDropout) {
      this.promptDropout = promptDropout;
      return this;
    }

    public Builder dropout(double dropout) {
      this.dropout = dropout;
      return this;
    }

    public Builder zLoss(double zLoss) {
      this.zLoss = zLoss;
      return this;
    }

    public Builder checkpointing(boolean checkpointing) {
      this.checkpointing = checkpointing;
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
    public Finetuning build() {
      return new Finetuning(
          output,
          start,
          data,
          maxSequenceLength,
          promptDropout,
          dropout,
          zLoss,
          checkpointing,
          weights,
          lora,
          optimizer,
          options);
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Precision;
import io.github.lumina4j.training.Finetuning;
import io.github.lumina4j.training.StartingModel;
import io.github.lumina4j.training.TrainingLength;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina finetune}: trains the transformer. */
@CommandLine.Command(
    name = "finetune",
    header = "Train the transformer: whole, by adapters, or a fresh one.",
    description =
        "Trains on token records. Ctrl-C writes a checkpoint first. A run that was stopped or"
            + " killed continues from its newest checkpoint when the same command is given again,"
            + " with the result of an unbroken run.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the folder of the model.",
      "",
      "Examples:",
      "  lumina finetune --model Lumina-mGPT-2.0 --data records -o run --lora-rank 16",
      "  lumina finetune --config config.json --tokenizer tokenizer \\",
      "    --image-tokenizer movqgan.safetensors --data records:0.5 --data more -o run"
    })
final class FinetuneCommand extends Command {
  @Mixin private ModelOptions model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Train a fresh model of this config.json, with --tokenizer and --image-tokenizer, "
              + "instead of --model.")
  private Path config;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "The folder with the tokenizer.json of a fresh model.")
  private Path tokenizer;

  @Option(
      names = "--data",
      paramLabel = "PATH[:RATIO]",
      required = true,
      converter = Converters.Data.class,
      description =
          "Token records: a folder of records-*.safetensors, one such file, or .jsonl; or those of "
              + "the Python original: record.json, *-record.jsonl, .pkl, or the .yaml that lists "
              + "them; and which share of them each epoch uses. May be given several times.")
  private List<DataArgument> data;

  @Mixin private TrainingMixin training;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data (default: 1); a fraction is allowed.")
  private Double epochs;

  @Option(names = "--steps", paramLabel = "N", description = "Updates, instead of --epochs.")
  private Long steps;

  @Option(
      names = "--warmup-epochs",
      paramLabel = "N",
      description = "Linear warm-up of the learning rate (default: 0.03 epochs).")
  private Double warmupEpochs;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "The same in updates, instead of --warmup-epochs.")
  private Double warmupSteps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Records per forward pass (default: 4).")
  private int batchSize = 4;

  @Option(
      names = "--accumulation",
      paramLabel = "N",
      description = "Forward passes per update (default: 4).")
  private int accumulation = 4;

  @Option(
      names = "--max-seq-len",
      paramLabel = "N",
      description =
          "Longest record in tokens (default: 1024); 256x256 pixels need about 1,100, "
              + "512x512 4,200, 768x768 9,400.")
  private int maxSequenceLength = 1024;

  @Option(
      names = "--prompt-dropout",
      paramLabel = "SHARE",
      description = "Pictures learned without their prompt, for guidance (default: 0.1).")
  private double promptDropout = 0.1;

  @Option(
      names = "--dropout",
      paramLabel = "SHARE",
      description = "After attention and MLP (default: 0.05).")
  private double dropout = 0.05;

  @Option(names = "--z-loss", paramLabel = "WEIGHT", description = "Weight (default: 0).")
  private double zLoss;

  @Option(
      names = "--checkpointing",
      description = "Compute activations again for the gradients: less memory, more time.")
  private boolean checkpointing;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description =
          "Number format of the computation, bf16 or fp32 (default: bf16); weights being "
              + "trained are kept in fp32.")
  private Precision dtype = Precision.BF16;

  @Option(
      names = "--save-dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description = "Number format of the saved weights, bf16 or fp32 (default: bf16).")
  private Precision saveDtype = Precision.BF16;

  @Option(
      names = "--lora-rank",
      paramLabel = "N",
      description = "Train adapters of this rank instead of the whole model.")
  private Integer loraRank;

  @Option(
      names = "--lora-alpha",
      paramLabel = "N",
      description = "Scale of the adapters, times 1 / rank (default: twice the rank).")
  private Double loraAlpha;

  @Option(
      names = "--lora-targets",
      paramLabel = "NAME",
      split = ",",
      description = "Linear layers with adapters (default: all seven, q_proj, ...).")
  private List<String> loraTargets;

  FinetuneCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    Finetuning.Builder job =
        Finetuning.builder(training.output(), start())
            .maxSequenceLength(maxSequenceLength)
            .promptDropout(promptDropout)
            .dropout(dropout)
            .zLoss(zLoss)
            .optimizer(training.optimizer())
            .checkpointing(checkpointing)
            .weights(saveDtype)
            .options(
                training.toOptions(
                    length("--epochs", epochs, "--steps", steps, 1),
                    length("--warmup-epochs", warmupEpochs, "--warmup-steps", warmupSteps, 0.03),
                    batchSize,
                    accumulation,
                    dtype,
                    model.threads(),
                    model.device()));
    data.forEach(part -> job.data(part.path(), part.share()));
    lora().ifPresent(job::lora);
    new TrainingRun(this, job.build()).run();
  }

  private StartingModel start() {
    if (config == null && tokenizer == null) {
      Models models = new Models(environment(), this::note);
      return new StartingModel.Existing(
          models.checkpoint(model).path(), models.namedImageTokenizer(model));
    }
    if (model.model() != null) {
      throw new IllegalArgumentException(
          "--model continues from a model, --config and --tokenizer begin a fresh one; give one");
    }
    if (config == null || tokenizer == null || model.imageTokenizer() == null) {
      throw new IllegalArgumentException(
          "a fresh model needs --config, --tokenizer and --image-tokenizer");
    }
    return StartingModel.fresh(config, tokenizer, model.imageTokenizer());
  }

  private Optional<Finetuning.Lora> lora() {
    if (loraRank == null) {
      if (loraAlpha != null || loraTargets != null) {
        throw new IllegalArgumentException("adapters need --lora-rank");
      }
      return Optional.empty();
    }
    return Optional.of(
        new Finetuning.Lora(
            loraRank,
            loraAlpha == null ? 2.0 * loraRank : loraAlpha,
            loraTargets == null ? Finetuning.Lora.LINEAR_LAYERS : loraTargets));
  }

  private static TrainingLength length(
      String epochsName, Double epochs, String stepsName, Number steps, double usualEpochs) {
    if (epochs != null && steps != null) {
      throw new IllegalArgumentException(
          epochsName + " and " + stepsName + " say the same; give one");
    }
    return steps != null
        ? TrainingLength.steps(steps.doubleValue())
        : TrainingLength.epochs(epochs == null ? usualEpochs : epochs);
  }
}

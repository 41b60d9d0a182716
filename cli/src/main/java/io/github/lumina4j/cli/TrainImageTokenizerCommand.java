package io.github.lumina4j.cli;

import io.github.lumina4j.Device;
import io.github.lumina4j.Precision;
import io.github.lumina4j.training.TokenizerTraining;
import io.github.lumina4j.training.TokenizerTraining.Shape;
import io.github.lumina4j.training.TrainingLength;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina train-image-tokenizer}: trains MoVQGAN. */
@CommandLine.Command(
    name = "train-image-tokenizer",
    header = "Train a MoVQGAN, fresh or from a trained one.",
    description =
        "Trains on pixel records. Ctrl-C writes a checkpoint first. A run that was stopped or"
            + " killed continues from its newest checkpoint when the same command is given again,"
            + " with the result of an unbroken run.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the folder of the model; its file is movqgan.safetensors.",
      "",
      "Examples:",
      "  lumina train-image-tokenizer --data pixels.safetensors -o run --steps 2000 \\",
      "    --learning-rate 1e-3 --channels 32 --residual-blocks 1 --codes 512 --crop 64",
      "  lumina train-image-tokenizer --from movqgan.ckpt --data a:3 --data b -o run"
    })
final class TrainImageTokenizerCommand extends Command {
  private static final Shape RELEASED = Shape.RELEASED;

  @Option(
      names = "--data",
      paramLabel = "FILE[:WEIGHT]",
      required = true,
      converter = Converters.Data.class,
      description =
          "Pixel records (a folder of pixels-*.safetensors, or one such file), and their weight "
              + "among several (default: 1). May be given several times.")
  private List<DataArgument> data;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "The MoVQGAN to go on from (default: a fresh one).")
  private Path from;

  @Mixin private TrainingMixin training;

  @Option(names = "--steps", paramLabel = "N", description = "Updates (default: 10000).")
  private long steps = 10_000;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "Linear warm-up of the learning rate (default: 0).")
  private double warmupSteps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Pictures per forward pass (default: 8).")
  private int batchSize = 8;

  @Option(
      names = "--accumulation",
      paramLabel = "N",
      description = "Forward passes per update (default: 1).")
  private int accumulation = 1;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description =
          "Number format of the computation, fp32 or bf16 (default: fp32); weights being trained "
              + "are kept in fp32.")
  private Precision dtype = Precision.FP32;

  @Option(
      names = "--save-dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description = "Number format of the saved weights, fp32 or bf16 (default: fp32).")
  private Precision saveDtype = Precision.FP32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Processor threads; 0 is one for each processor that this program may use: affinity, CPU "
              + "sets and quotas count, see devices (default: 0).")
  private int threads;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Where to compute: cpu, cuda or cuda:N (default: cpu).")
  private String device;

  @Option(
      names = "--crop",
      paramLabel = "N",
      description =
          "Side of random square crops in pixels, a multiple of 8; 0 is whole pictures "
              + "(default: 0).")
  private int crop;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "Base width of a fresh model, a multiple of 32 (default: 256).")
  private Integer channels;

  @Option(
      names = "--multipliers",
      paramLabel = "N",
      split = ",",
      description = "Width of its four levels in base widths (default: 1,2,2,4).")
  private List<Integer> multipliers;

  @Option(
      names = "--residual-blocks",
      paramLabel = "N",
      description = "Residual blocks of each of its levels (default: 2).")
  private Integer residualBlocks;

  @Option(names = "--codes", paramLabel = "N", description = "Its codes (default: 16384).")
  private Integer codes;

  @Option(
      names = "--l2-weight",
      paramLabel = "N",
      description = "Of the squared error beside the absolute one (default: 1).")
  private double l2Weight = 1;

  @Option(
      names = "--codebook-weight",
      paramLabel = "N",
      description = "Of the codebook's terms (default: 1).")
  private double codebookWeight = 1;

  @Option(
      names = "--commitment",
      paramLabel = "N",
      description = "Of the encoder to its codes (default: 0.25).")
  private double commitment = 0.25;

  @Option(
      names = "--free-steps",
      paramLabel = "N",
      description =
          "Updates without codes, before the codebook is set from the pictures "
              + "(default: 200, with --from 0).")
  private Integer freeSteps;

  @Option(
      names = "--restart-every",
      paramLabel = "N",
      description = "Updates between restarts of unused codes (default: 50); 0 for never.")
  private int restartEvery = 50;

  @Option(
      names = "--restart-until",
      paramLabel = "SHARE",
      description = "Share of the run after which codes stay (default: 0.8).")
  private double restartUntil = 0.8;

  @Option(
      names = "--merge-distance",
      paramLabel = "D",
      description =
          "After that, codes nearer than this to one that is used more are the same code: what "
              + "looks the same has fewer names, and is easier to learn (default: 0, none).")
  private double mergeDistance;

  TrainImageTokenizerCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    TokenizerTraining.Builder job =
        TokenizerTraining.builder(training.output())
            .shape(shape())
            .crop(crop)
            .l2Weight(l2Weight)
            .codebookWeight(codebookWeight)
            .commitment(commitment)
            .restartEvery(restartEvery)
            .restartUntil(restartUntil)
            .mergeDistance(mergeDistance)
            .optimizer(training.optimizer())
            .weights(saveDtype)
            .options(
                training.toOptions(
                    TrainingLength.steps(steps),
                    TrainingLength.steps(warmupSteps),
                    batchSize,
                    accumulation,
                    dtype,
                    threads,
                    new Device(device)));
    data.forEach(part -> job.source(part.path(), part.share()));
    if (from != null) {
      job.from(from);
    }
    if (freeSteps != null) {
      job.freeSteps(freeSteps);
    }
    new TrainingRun(this, job.build()).run();
  }

  private Shape shape() {
    if (from != null
        && (channels != null || multipliers != null || residualBlocks != null || codes != null)) {
      throw new IllegalArgumentException("the model of --from has its own shape");
    }
    return new Shape(
        channels == null ? RELEASED.channels() : channels,
        multipliers == null ? RELEASED.multipliers() : multipliers,
        RELEASED.attention(),
        residualBlocks == null ? RELEASED.residualBlocks() : residualBlocks,
        codes == null ? RELEASED.codebookSize() : codes,
        RELEASED.embedDim(),
        RELEASED.latentChannels());
  }
}

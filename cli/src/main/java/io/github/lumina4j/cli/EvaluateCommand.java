package io.github.lumina4j.cli;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.demo.check.EvaluationItem;
import io.github.lumina4j.demo.check.EvaluationSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina evaluate}: how often a model draws what it is told. */
@CommandLine.Command(
    name = "evaluate",
    header = "Measure how often a model draws what it is told.",
    description = {
      "Asks the questions of the demo world and checks every picture: the six categories of "
          + "GenEval (objects, counts, colours, places), maps, maps as input, subjects, edits, "
          + "and how near the image tokenizer brings pictures back. An answer has passed if the "
          + "picture shows just what it should. Scores are good from here on:",
      "  edges          F1 of 0.7 or more",
      "  depth          RMSE of 20 of 255 or less",
      "  segmentation   mean IoU of 0.7 or more",
      "  edits          25 dB or more where nothing was to change",
      "Dense prediction passes if its score is good; good in the table are answers that passed "
          + "and have a good score. Edits pass if all is as it should be; made in the table are those "
          + "whose change is there, whatever became of the rest. Equal pictures count as 99 dB.",
      "With --geneval or --dpg it only draws, for the real benchmark to judge: the samples of a "
          + "prompt side by side. Such a run can be stopped and given again."
    },
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina evaluate --limit 20 -o results",
      "  lumina evaluate --groups counting,position --samples 4 --json",
      "  lumina evaluate --limit 20 --best-of 16 --verifier likelihood -o results",
      "  lumina evaluate --model Lumina-mGPT-2.0 --size 512x512 \\",
      "      --geneval images --prompts evaluation_metadata.jsonl",
      "  lumina evaluate --model Lumina-mGPT-2.0 --dpg dpg_bench/prompts -o grids"
    })
final class EvaluateCommand extends Command {
  private static final String DEMO_SET = "demo";
  private static final int GENEVAL_SAMPLES = 4;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description = "The questions: demo, the only set there is.")
  private String set = DEMO_SET;

  @Option(
      names = "--groups",
      paramLabel = "NAME",
      split = ",",
      description = "Ask only these rows of the table, and reconstruction.")
  private List<String> groups;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Ask at most N questions of each group.")
  private Integer limit;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Draw N answers to each question (default: 1, with --geneval 4).")
  private Integer samples;

  @Option(
      names = "--best-of",
      paramLabel = "N",
      description =
          "Mark the best of N candidates for each answer, with seeds that follow one another. "
              + "Without --verifier the evaluation's own check chooses, and stops at the first that "
              + "is right: what a verifier that never errs would reach. With --geneval and --dpg, "
              + "keep the best of N candidates for each sample.")
  private Integer bestOf;

  @Mixin private VerifierOptions verifier;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.FixedSeed.class,
      description = "Decides the questions and the pictures (default: 1).")
  private long seed = 1;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description =
          "Keep results.json with every answer, contact-sheet.png with the first of each group, "
              + "and all pictures. With --dpg: where the grids go.")
  private Path output;

  @Option(
      names = "--geneval",
      paramLabel = "FOLDER",
      description =
          "Write pictures in the layout that the GenEval benchmark reads; those that are there "
              + "are kept.")
  private Path geneval;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "GenEval's evaluation_metadata.jsonl, for --geneval.")
  private Path prompts;

  @Option(
      names = "--dpg",
      paramLabel = "FOLDER",
      description =
          "Draw the prompts in this folder of DPG-Bench, one .txt file per item, and write for each "
              + "a PNG of its name to -o, with four pictures two by two; those that are there are "
              + "kept.")
  private Path dpg;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = Converters.Size.class,
      description = "The size of a picture for --geneval and --dpg (default: 768x768).")
  private ImageSize size;

  @Mixin private RewriteOptions rewrite;

  @Mixin private SamplingMixin sampling;
  @Mixin private DecodingMixin decoding;
  @Mixin private ModelOptions model;
  @Mixin private AdapterOptions lora;
  @Mixin private DtypeOption dtype;
  @Mixin private QuantizeOptions quantize;
  @Mixin private ImageDtypeOption imageDtype;

  EvaluateCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    checkOptions();
    Models models = new Models(environment(), this::note);
    PipelineOptions pipeline =
        models.drawing(model, lora.adapters(), dtype.dtype(), quantize, imageDtype.imageDtype());
    SamplingOptions options = sampling.resolve(models.checkpoint(model).generationDefaults(), seed);
    if (geneval != null || dpg != null) {
      drawForBenchmark(pipeline, options);
      return;
    }
    List<EvaluationItem> items = new ArrayList<>(EvaluationSet.create(seed));
    int scenes = choose(items);
    int count = Objects.requireNonNullElse(samples, 1);
    AnswerChoice choice =
        new AnswerChoice(Objects.requireNonNullElse(bestOf, 1), verifier.verifier());
    new EvaluationRun(
            this,
            new EvaluationRun.Plan(
                settings(pipeline, options, count, choice),
                pipeline,
                options,
                decoding.options(),
                items,
                count,
                choice,
                scenes,
                Optional.ofNullable(output).map(EvaluationFolder::new)))
        .run();
  }

  private void checkOptions() {
    if (!set.equals(DEMO_SET)) {
      throw new IllegalArgumentException("unknown set '" + set + "'; known: " + DEMO_SET);
    }
    if (samples != null && samples < 1 || limit != null && limit < 1) {
      throw new IllegalArgumentException("--samples and --limit must be 1 or more");
    }
    if ((geneval == null) != (prompts == null)) {
      throw new IllegalArgumentException("--geneval and --prompts must be given together");
    }
    if (bestOf == null && verifier.given()) {
      throw new IllegalArgumentException("--verifier needs --best-of");
    }
    if (geneval == null && dpg == null) {
      if (size != null) {
        throw new IllegalArgumentException(
            "--size is for --geneval and --dpg; the demo set has its own size");
      }
      if (rewrite.rewrite(environment()).isPresent()) {
        throw new IllegalArgumentException("--rewrite is for --geneval and --dpg");
      }
      return;
    }
    String option = geneval != null ? "--geneval" : "--dpg";
    if (geneval != null && dpg != null) {
      throw new IllegalArgumentException("--geneval and --dpg cannot be combined");
    }
    if (groups != null || limit != null) {
      throw new IllegalArgumentException(
          option + " draws every prompt: it cannot be combined with --groups or --limit");
    }
    if (geneval != null && output != null) {
      throw new IllegalArgumentException(
          "--geneval names the folder for the pictures: it cannot be combined with -o");
    }
    if (dpg != null && output == null) {
      throw new IllegalArgumentException("--dpg needs -o FOLDER, where the grids go");
    }
    if (dpg != null && samples != null) {
      throw new IllegalArgumentException(
          "--dpg cannot be combined with --samples: a grid has four pictures");
    }
    if (bestOf != null && bestOf > 1 && !verifier.given()) {
      throw new IllegalArgumentException("--best-of needs --verifier with " + option);
    }
  }

  private void drawForBenchmark(PipelineOptions pipeline, SamplingOptions options) {
    BenchmarkDrawing drawing =
        new BenchmarkDrawing(
            pipeline,
            options,
            decoding.options(),
            Optional.ofNullable(size),
            BestOf.of(Objects.requireNonNullElse(bestOf, 1), verifier.verifier()),
            rewrite.rewrite(environment()));
    if (dpg != null) {
      new DpgRun(this, drawing, output).run(DpgPrompts.read(dpg));
      return;
    }
    int count = Objects.requireNonNullElse(samples, GENEVAL_SAMPLES);
    new GenevalRun(this, drawing, geneval).run(GenevalPrompts.read(prompts), count);
  }

  /** Leaves the questions to ask; gives the number of scenes to reconstruct. */
  private int choose(List<EvaluationItem> items) {
    Set<String> known = new LinkedHashSet<>();
    items.forEach(item -> known.add(item.group()));
    known.add(ReconstructionScore.GROUP);
    Set<String> chosen = groups == null ? known : new LinkedHashSet<>(groups);
    for (String name : chosen) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown group '" + name + "'; known: " + String.join(", ", known));
      }
    }
    int most = Objects.requireNonNullElse(limit, Integer.MAX_VALUE);
    Map<String, Integer> counts = new HashMap<>();
    items.removeIf(
        item ->
            !chosen.contains(item.group()) || counts.merge(item.group(), 1, Integer::sum) > most);
    return chosen.contains(ReconstructionScore.GROUP)
        ? Math.min(most, ReconstructionScore.SCENES)
        : 0;
  }

  private EvaluationRun.Settings settings(
      PipelineOptions pipeline, SamplingOptions options, int count, AnswerChoice choice) {
    return new EvaluationRun.Settings(
        RequestRecord.SOFTWARE,
        set,
        pipeline.model().map(RequestRecord::modelName).orElseThrow(),
        pipeline.imageTokenizer().map(RequestRecord::lastName).orElseThrow(),
        pipeline.precision().id(),
        RequestRecord.quantize(pipeline),
        RequestRecord.activations(pipeline),
        RequestRecord.kvCache(pipeline),
        pipeline.imagePrecision().id(),
        seed,
        count,
        choice.count(),
        choice.count() == 1
            ? null
            : Objects.requireNonNullElse(verifier.text(), AnswerChoice.CHECKER),
        options.guidanceScale(),
        options.guidanceSchedule().id(),
        options.imageTopK(),
        options.temperature(),
        options.mode().id(),
        UsedDecoding.of(decoding.options()));
  }
}

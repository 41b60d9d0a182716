package io.github.lumina4j.cli;

import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.model.CacheFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina batch}: many pictures from a file of requests. */
@CommandLine.Command(
    name = "batch",
    header = "Make the pictures that a file asks for, one request a line.",
    description = {
      "A line is a prompt, or a JSON object: prompt, and any option of 'lumina generate' or "
          + "'lumina edit' by its long name, such as",
      "  {\"prompt\": \"a red fox\", \"size\": \"512x768\", \"cfg\": 5, \"count\": 2}",
      "  {\"image\": \"fox.png\", \"prompt\": \"make it night\", \"output\": \"night.png\"}",
      "A file holds JSON if its name ends in .jsonl, .ndjson or .json or its first line is a JSON"
          + " object; else it holds prompts, and lines that begin with # are comments. Image paths"
          + " are relative to the file. All lines are checked before the model is loaded. Given"
          + " again, the command makes what is missing or has another request, and tries again what"
          + " failed."
    },
    abbreviateSynopsis = true,
    footer = {
      "",
      "A line is known by its content, or by its field key: the name of its picture",
      "and, without a field seed, its seed follow from that, wherever it stands. Each",
      "picture holds its request and hashes of the model's files, by which it is known",
      "to be done, wherever the model lies. What was made and what failed is also in",
      "batch.jsonl in the folder.",
      "",
      "Examples:",
      "  lumina batch prompts.txt -o out",
      "  lumina batch prompts.jsonl -o out",
      "  lumina batch prompts.jsonl -o out --shard 1/4 --size 512x512",
      "  lumina batch prompts.jsonl -o out --best-of 8 --verifier 'python score.py'"
    })
final class BatchCommand extends Command {
  private static final long WORTH_A_WORD = 256L << 20;
  private static final int MAX_BYTES = 256 << 20;
  private static final String STANDARD_INPUT = "-";

  @Parameters(index = "0", paramLabel = "FILE", description = "The requests; - is standard input.")
  private String input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      required = true,
      description = "Where the pictures go; made if it is not there.")
  private Path output;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      converter = Converters.ShardName.class,
      description =
          "Make the I-th of N equal parts only, so that N machines share a batch and a folder.")
  private Shard shard = Shard.WHOLE;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      description = "The task of lines that name none; else edit with an image, t2i without.")
  private String task;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Pictures of a line that does not say (default: 1).")
  private Integer count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.FixedSeed.class,
      description = "Decides the seeds of lines that have none, or -1 or random (default: 0).")
  private long seed;

  @Mixin private RequestOptions options;
  @Mixin private SamplingMixin sampling;
  @Mixin private DecodingMixin decoding;
  @Mixin private BestOfOptions candidates;
  @Mixin private ModelOptions model;
  @Mixin private AdapterOptions lora;
  @Mixin private DtypeOption dtype;
  @Mixin private QuantizeOptions quantize;
  @Mixin private ImageDtypeOption imageDtype;

  BatchCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    boolean standardInput = input.equals(STANDARD_INPUT);
    String text =
        standardInput
            ? TextFiles.read(environment().in(), "standard input", MAX_BYTES)
            : TextFiles.read(Path.of(input), MAX_BYTES);
    PipelineOptions loaded =
        new Models(environment(), this::note)
            .drawing(model, lora.adapters(), dtype.dtype(), quantize, imageDtype.imageDtype());
    EvaluationFolder.create(output);
    List<BatchPicture> all =
        plan(
            text,
            new BatchPlan.Settings(
                standardInput ? "standard input" : input,
                standardInput ? Path.of("") : Path.of(input).toAbsolutePath().getParent(),
                output,
                defaults(),
                seed,
                loaded,
                loadedFiles(loaded),
                candidates.text()));
    List<BatchPicture> own = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (shard.has(i)) {
        own.add(all.get(i));
      }
    }
    new BatchRun(this, new BatchRun.Plan(own, loaded, candidates.verifier(), output, shard)).run();
  }

  private List<BatchPicture> plan(String text, BatchPlan.Settings settings) {
    try {
      return BatchPlan.read(text, settings);
    } catch (BadLinesException e) {
      e.lines().forEach(line -> err().println("lumina: " + Failures.oneLine(line)));
      throw e;
    }
  }

  /** What was given of the options that lines have as well. */
  private Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (OptionSpec option : commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName();
      if (BatchLine.knows(name) && !name.equals("--output") && !name.equals("--seed")) {
        option.stringValues().forEach(value -> defaults.put(name, value));
      }
    }
    return defaults;
  }

  /** What tells weights of the same name apart; large ones are read once. */
  private LoadedFiles loadedFiles(PipelineOptions options) {
    FileHashes hashes = new FileHashes(CacheFolder.of(environment().variables()));
    long bytes = LoadedFiles.cost(options, hashes);
    if (bytes > WORTH_A_WORD) {
      note(
          "reading the model's files once, so that a restart knows its pictures: "
              + Units.bytes(bytes));
    }
    return LoadedFiles.of(options, hashes);
  }
}

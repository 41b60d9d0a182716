package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
      "A line is a JSON object: prompt, and any option of 'lumina generate' or 'lumina edit' by "
          + "its long name, such as",
      "  {\"prompt\": \"a red fox\", \"size\": \"512x768\", \"cfg\": 5, \"count\": 2}",
      "  {\"image\": \"fox.png\", \"prompt\": \"make it night\", \"output\": \"night.png\"}",
      "Image paths are relative to the file. All lines are checked before the model is loaded. "
          + "Given again, the command makes what is missing or has another request, and tries again "
          + "what failed."
    },
    abbreviateSynopsis = true,
    footer = {
      "",
      "A line is known by its content, or by its field key: the name of its picture",
      "and, without a field seed, its seed follow from that, wherever it stands. Each",
      "picture holds a hash of its request, by which it is known to be done. What was",
      "made and what failed is also in batch.jsonl in the folder.",
      "",
      "Examples:",
      "  lumina batch prompts.jsonl -o out",
      "  lumina batch prompts.jsonl -o out --shard 1/4 --size 512x512",
      "  lumina batch prompts.jsonl -o out --best-of 8 --verifier 'python score.py'"
    })
final class BatchCommand extends Command {
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
        BatchPlan.read(
            text,
            new BatchPlan.Settings(
                standardInput ? "standard input" : input,
                standardInput ? Path.of("") : Path.of(input).toAbsolutePath().getParent(),
                output,
                defaults(),
                seed,
                loaded,
                fingerprint(loaded),
                candidates.text()));
    List<BatchPicture> own = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (shard.has(i)) {
        own.add(all.get(i));
      }
    }
    new BatchRun(this, new BatchRun.Plan(own, loaded, candidates.verifier(), output, shard)).run();
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

  /** Tells weights of the same name apart: by the sizes and times of their files. */
  private static String fingerprint(PipelineOptions loaded) {
    List<Path> places = new ArrayList<>();
    places.add(loaded.model().orElseThrow());
    loaded.imageTokenizer().ifPresent(places::add);
    loaded.adapters().stream().map(Adapter::path).forEach(places::add);
    StringBuilder text = new StringBuilder();
    for (Path place : places) {
      try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          text.append(file.getFileName())
              .append(' ')
              .append(Files.size(file))
              .append(' ')
              .append(Files.getLastModifiedTime(file).toMillis())
              .append('\n');
        }
      } catch (IOException e) {
        throw new LuminaException(
            ErrorCode.IO, "cannot read " + place + ": " + TextFiles.reason(e), e);
      }
    }
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}

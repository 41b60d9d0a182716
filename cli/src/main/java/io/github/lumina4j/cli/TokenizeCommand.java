package io.github.lumina4j.cli;

import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.model.Sha256;
import io.github.lumina4j.training.ExampleReader;
import io.github.lumina4j.training.PixelShards;
import io.github.lumina4j.training.RecordBuilder;
import io.github.lumina4j.training.RecordLines;
import io.github.lumina4j.training.RecordShards;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina tokenize}: examples to the records that training reads. */
@CommandLine.Command(
    name = "tokenize",
    header = "Turn examples into records for training.",
    description = {
      "Reads JSON lines, or one JSON list, of",
      "  {\"image_path\": FILE, \"prompt\": TEXT}",
      "  {\"task\": NAME, \"prompt\": TEXT, \"images\": [UPPER, LOWER]}",
      "  {\"conversations\": [{\"from\": \"human\", \"value\": TEXT}, ...], \"image\": [FILES]}",
      "  {\"token\": [...], \"label\": [...]}",
      "with paths relative to that file, and writes safetensors files of records into FOLDER. "
          + "A run that was stopped continues where it was. Items that cannot be used are named "
          + "and left out."
    },
    abbreviateSynopsis = true,
    footer = {
      "",
      "The model folder needs its config.json, its tokenizer and MoVQGAN only.",
      "",
      "Examples:",
      "  lumina tokenize photos.jsonl records --model Lumina-mGPT-2.0 --target-size 768",
      "  lumina tokenize scenes.jsonl pixels --pixels --target-size 96"
    })
final class TokenizeCommand extends Command {
  @Parameters(index = "0", paramLabel = "INPUT", description = "The examples.")
  private Path input;

  @Parameters(index = "1", paramLabel = "FOLDER", description = "Where the records go.")
  private Path folder;

  @Option(
      names = "--target-size",
      paramLabel = "PIXELS",
      description =
          "Pictures are scaled and cropped to the nearest shape of about PIXELS x PIXELS whose "
              + "sides are multiples of 32 (default: 512).")
  private int targetSize = 512;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Converters.FixedSeed.class,
      description =
          "Decides which one in ten of the image_path items is put without its size (default: 0).")
  private long seed;

  @Option(
      names = "--splits",
      paramLabel = "N",
      description = "Share the items among N runs; this one takes the part named by --rank.")
  private int splits = 1;

  @Option(
      names = "--rank",
      paramLabel = "I",
      description = "The part of this run, 0 to N - 1 (default: 0).")
  private int rank;

  @Option(
      names = "--pixels",
      description =
          "Write the pictures themselves, to train the image tokenizer on. All have to come to "
              + "one size; no model is needed.")
  private boolean pixels;

  @Option(
      names = "--lines",
      paramLabel = "FILE",
      description = "Write all records of FOLDER as JSON lines as well.")
  private Path lines;

  @Mixin private ModelOptions model;

  TokenizeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    if (splits < 1 || rank < 0 || rank >= splits) {
      throw new IllegalArgumentException(
          "--rank " + rank + " of --splits " + splits + ": 0 to splits - 1 is needed");
    }
    String name = input.toString().toLowerCase(Locale.ROOT);
    for (String finished : List.of(".pkl", ".yaml", ".yml")) {
      if (name.endsWith(finished)) {
        throw new IllegalArgumentException(
            input + " holds finished records, or names them; give it to 'lumina finetune --data'");
      }
    }
    if (pixels && lines != null) {
      throw new IllegalArgumentException("--lines writes token records, not --pixels");
    }
    if (lines != null) {
      TextFiles.checkWritable(lines);
    }
    ExampleReader reader = new ExampleReader(input.toAbsolutePath().getParent(), targetSize, seed);
    TokenizeRun run = new TokenizeRun(environment(), report(), out(), err(), input);
    TokenizeRun.Part part = TokenizeRun.Part.of(input, splits, rank);
    if (pixels) {
      try (PixelShards.Writer writer =
          new PixelShards.Writer(folder, name(PixelShards.NAME), madeBy())) {
        run.add(new ExampleSinks.Pixels(reader, writer), part);
      }
      run.report(folder, PixelShards.files(folder));
    } else {
      tokens(run, part, reader);
      if (lines != null) {
        RecordLines.write(lines, RecordShards.files(folder));
      }
      run.report(folder, RecordShards.files(folder));
    }
    run.failIfNothingWorked();
  }

  private void tokens(TokenizeRun run, TokenizeRun.Part part, ExampleReader reader) {
    Models models = new Models(environment(), this::note);
    CheckpointFolder checkpoint = models.checkpoint(model);
    PipelineOptions options = models.picturesOnly(model, Precision.FP32);
    Path imageTokenizer = options.imageTokenizer().orElseThrow();
    Map<String, String> madeBy = madeBy();
    madeBy.putAll(Tokenizers.madeBy(checkpoint, imageTokenizer));
    madeBy.put("seed", Long.toString(seed));
    checkCancelled();
    try (RecordShards.Writer writer =
        new RecordShards.Writer(folder, name(RecordShards.NAME), madeBy)) {
      if (writer.nextId() >= part.end()) {
        note("all items are in " + folder + " already");
        run.countEarlier(writer.nextId(), part);
        return;
      }
      note("loading " + imageTokenizer);
      try (Backend.Session session = backend().open(options);
          RecordBuilder builder = RecordBuilder.open(checkpoint, session::encode)) {
        run.add(new ExampleSinks.Tokens(reader, builder, writer), part);
      }
    }
  }

  // What the records depend on: a folder with records of something else is not continued.
  private Map<String, String> madeBy() {
    Map<String, String> madeBy = new LinkedHashMap<>();
    madeBy.put("input_sha256", Sha256.of(input));
    madeBy.put("target_size", Integer.toString(targetSize));
    madeBy.put("part", rank + " of " + splits);
    return madeBy;
  }

  private String name(String name) {
    return splits == 1 ? name : String.format(Locale.ROOT, "%s-%05d-of-%05d", name, rank, splits);
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Precision;
import io.github.lumina4j.RecipeCheckpoint;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina recipe}: a checkpoint made by a formula. */
@CommandLine.Command(
    name = "recipe",
    header = "Write a checkpoint made by a formula.",
    description =
        "The folder is complete and in the released format: for tests, benches and trying things"
            + " out. Its pictures are noise.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina recipe tiny-model",
      "  lumina recipe 2b-4-layers --preset 2b --layers 4"
    })
final class RecipeCommand extends Command {
  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "The folder to write; it must not exist or be empty.")
  private Path folder;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "tiny (a small vocabulary, seconds to make), small, or the shapes of "
              + "the released models, 2b and 7b (default: tiny).")
  private String preset = "tiny";

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Transformer layers; 0 is the preset's own number (default: 0).")
  private int layers;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description = "Number format of the stored weights: bf16 or fp32 (default: bf16).")
  private Precision dtype = Precision.BF16;

  @Option(
      names = "--image-tokenizer",
      paramLabel = "NAME",
      description = "tiny, small or 270m (default: the preset's own).")
  private String imageTokenizer = "";

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "Another salt makes other weights (default: none).")
  private String salt = "";

  private record Report(String folder, RecipeCheckpoint.Options recipe) {}

  RecipeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    if (dtype == Precision.AUTO) {
      throw new IllegalArgumentException(
          "--dtype must be bf16 or fp32: there is nothing to follow");
    }
    if (layers < 0) {
      throw new IllegalArgumentException("--layers must be 0 or more, not " + layers);
    }
    RecipeCheckpoint.Options options =
        new RecipeCheckpoint.Options(
            RecipeModels.checked(preset), layers, dtype.id(), imageTokenizer, salt);
    note("writing " + folder);
    backend().writeRecipe(folder, options);
    out()
        .println(
            report().json() ? JsonText.report(new Report(folder.toString(), options)) : folder);
  }
}

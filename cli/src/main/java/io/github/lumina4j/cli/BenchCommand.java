package io.github.lumina4j.cli;

import io.github.lumina4j.Benchmark;
import io.github.lumina4j.Device;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina bench}: how fast a checkpoint runs here. */
@CommandLine.Command(
    name = "bench",
    header = "Measure a checkpoint on this machine.",
    description =
        "Times loading, the prompt, a decode step at several cache lengths, and encoding and"
            + " decoding pictures, and tells the memory that took.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina bench --model Lumina-mGPT-2.0",
      "  lumina bench --recipe tiny --image-sides 64 --json"
    })
final class BenchCommand extends Command {
  @Mixin private ModelOptions model;
  @Mixin private DtypeOption dtype;
  @Mixin private QuantizeOptions quantize;

  @Option(
      names = "--recipe",
      paramLabel = "PRESET",
      description = "The same as --model recipe:PRESET.")
  private String recipe;

  @Option(
      names = "--cache-lengths",
      paramLabel = "N",
      split = ",",
      description = "Tokens in the cache at which a step is timed (default: 64,1024,4656).")
  private List<Integer> cacheLengths = List.of(64, 1024, 4656);

  @Option(
      names = "--windows",
      paramLabel = "N",
      split = ",",
      description =
          "Tokens of the speculative passes timed there as well (default: 8,16,32); 0 for none.")
  private List<Integer> windows = List.of(8, 16, 32);

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Timed steps at each length (default: 5); the median counts.")
  private int steps = 5;

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      description = "Length of the prompt (default: 64).")
  private int promptTokens = 64;

  @Option(
      names = "--image-sides",
      paramLabel = "N",
      split = ",",
      description =
          "Sides, in pixels, of the square pictures encoded and decoded, multiples of 8; 0 for "
              + "none (default: 256).")
  private List<Integer> imageSides = List.of(256);

  BenchCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    if (!model.device().equals(Device.CPU)) {
      throw new IllegalArgumentException(
          "bench measures the processor; --device " + model.device().name() + " is not for it");
    }
    checkFigures();
    Models models = new Models(environment(), this::note);
    CheckpointFolder folder =
        recipe == null
            ? models.checkpoint(model)
            : models.checkpoint("recipe:" + RecipeModels.checked(recipe));
    Optional<Path> imageTokenizer = models.namedImageTokenizer(model).or(folder::imageTokenizer);
    checkCancelled();
    note("measuring " + folder.path() + "; large models take minutes");
    Benchmark.Report result =
        backend()
            .bench(
                new Benchmark.Options(
                    folder.path().toString(),
                    imageTokenizer.map(Path::toString).orElse(""),
                    dtype.dtype().id(),
                    quantize.quantization().map(Quantization::name).orElse(""),
                    quantize.activations().id(),
                    quantize.kvCache().id(),
                    model.threads(),
                    cacheLengths,
                    windows.equals(List.of(0)) ? List.of() : windows,
                    steps,
                    promptTokens,
                    imageSides.equals(List.of(0)) ? List.of() : imageSides),
                environment().cancellation());
    if (report().json()) {
      out().println(JsonText.report(result));
    } else {
      BenchTable.print(out(), result);
    }
  }

  private void checkFigures() {
    if (recipe != null && model.model() != null) {
      throw new IllegalArgumentException("--model and --recipe name two models; give one");
    }
    if (steps < 1 || promptTokens < 1 || model.threads() < 0) {
      throw new IllegalArgumentException(
          "--steps and --prompt-tokens must be 1 or more, --threads 0 or more");
    }
    if (cacheLengths.stream().anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException("--cache-lengths must be 1 or more, not " + cacheLengths);
    }
    if (!windows.equals(List.of(0)) && windows.stream().anyMatch(window -> window < 1)) {
      throw new IllegalArgumentException(
          "--windows must be 1 or more, or 0 for none, not " + windows);
    }
    boolean none = imageSides.equals(List.of(0));
    if (!none && imageSides.stream().anyMatch(side -> side < 8 || side % 8 != 0)) {
      throw new IllegalArgumentException(
          "--image-sides must be multiples of 8, or 0 for none, not " + imageSides);
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Quantization;
import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina quantize}: a checkpoint in few bits. */
@CommandLine.Command(
    name = "quantize",
    header = "Write a checkpoint whose matrices take 4 or 8 bits a number.",
    description =
        "It draws what the model draws with --quantize, and loads faster. The folder is complete,"
            + " but for an image tokenizer that lies outside the model's own folder. Only a small"
            + " part of the model is in memory at any time.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the folder.",
      "",
      "Examples:",
      "  lumina quantize Lumina-mGPT-2.0 lumina-int4",
      "  lumina quantize Lumina-mGPT-2.0 lumina-int4 --group 64 --method hqq",
      "  lumina quantize Lumina-mGPT-2.0 lumina-int8 --format int8"
    })
final class QuantizeCommand extends Command {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The checkpoint folder, demo, or recipe:PRESET.")
  private String model;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The folder to write; it must not exist or be empty.")
  private Path output;

  @Option(names = "--format", paramLabel = "NAME", description = "int4 or int8 (default: int4).")
  private String format = "int4";

  @Option(
      names = "--group",
      paramLabel = "N",
      description = "Of int4: numbers that share a scale, 128, 64 or 32 (default: 128).")
  private Integer group;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "Of int4: rtn, the nearest code, or hqq, fitted to the group (default: rtn).")
  private String method;

  private record Report(String folder, String model, String quantization) {}

  QuantizeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    Quantization quantization =
        new Quantization(
            format + (group == null ? "" : ":" + group) + (method == null ? "" : ":" + method));
    Models models = new Models(environment(), this::note);
    CheckpointFolder folder = new CheckpointFolder(models.path(model));
    note("writing " + output);
    try (CountingProgress progress =
        CountingProgress.of(environment().terminal(), report().quiet(), err(), "percent", 100)) {
      backend()
          .quantize(
              output,
              folder.path(),
              quantization,
              done -> progress.stepTo(100 * done.tokensDone() / done.tokensTotal()),
              environment().cancellation());
    }
    out()
        .println(
            report().json()
                ? JsonText.report(
                    new Report(output.toString(), folder.path().toString(), quantization.name()))
                : output);
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.model.CheckpointFolder;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lumina merge}: a checkpoint with adapters in its weights. */
@CommandLine.Command(
    name = "merge",
    header = "Write a checkpoint with adapters in its weights.",
    description =
        "It draws what the model draws with --lora. The folder is complete, but for an image"
            + " tokenizer that lies outside the model's own folder.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the folder.",
      "",
      "Examples:",
      "  lumina merge Lumina-mGPT-2.0 merged --lora run/final",
      "  lumina merge Lumina-mGPT-2.0 merged --lora ink:0.7 --lora night:0.3"
    })
final class MergeCommand extends Command {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The checkpoint folder, recipe:PRESET or ORG/NAME of a pulled model.")
  private String model;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The folder to write; it must not exist or be empty.")
  private Path output;

  @Mixin private AdapterOptions lora;

  private record Report(String folder, String model, List<UsedAdapter> lora) {}

  MergeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    if (lora.adapters().isEmpty()) {
      throw new IllegalArgumentException("nothing to merge: name an adapter by --lora PATH");
    }
    Models models = new Models(environment(), this::note);
    CheckpointFolder folder = models.checkpoint(model);
    note("writing " + output);
    backend().merge(output, folder.path(), lora.adapters());
    out()
        .println(
            report().json()
                ? JsonText.report(
                    new Report(
                        output.toString(),
                        folder.path().toString(),
                        UsedAdapter.all(lora.adapters())))
                : output);
  }
}

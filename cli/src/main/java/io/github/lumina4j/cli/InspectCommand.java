package io.github.lumina4j.cli;

import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.image.ImageFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code lumina inspect}: what a file is, without loading it. */
@CommandLine.Command(
    name = "inspect",
    header = "Say what a checkpoint or a file of this program is.",
    description =
        "Of a checkpoint folder or an image tokenizer, what it holds and how much memory it needs;"
            + " of a picture or token file, the request that made it. With --verbose also what of a"
            + " checkpoint is not used: keys of its config.json, and tensors.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina inspect Lumina-mGPT-2.0",
      "  lumina inspect movqgan_270M.ckpt",
      "  lumina inspect fox.png --json"
    })
final class InspectCommand extends Command {
  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description =
          "Checkpoint folder, demo, recipe:PRESET, ORG/NAME of a pulled model, image tokenizer, "
              + "PNG or token file.")
  private String path;

  private record Report(RequestRecord request) {}

  InspectCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    Path file = new Models(environment(), this::note).path(path);
    Optional<RequestRecord> request = request(file);
    if (request.isPresent()) {
      print(request.get());
    } else {
      print(backend().inspect(file));
    }
  }

  /** The request in a file of ours; empty if the file is of another kind, to be told by name. */
  private static Optional<RequestRecord> request(Path file) {
    if (Files.isDirectory(file)) {
      return Optional.empty();
    }
    if (ImageFormat.ofExtension(file).isPresent()) {
      return Optional.of(PictureText.read(file));
    }
    if (!file.toString().endsWith(".json")) {
      return Optional.empty();
    }
    RequestRecord request = TokenFile.read(file).request();
    if (request == null) {
      throw new IllegalArgumentException(file + ": codes of a picture, made without a request");
    }
    return Optional.of(request);
  }

  private void print(RequestRecord request) {
    if (report().json()) {
      out().println(JsonText.report(new Report(request)));
      return;
    }
    out().println("made by " + request.software());
    Table table = new Table("ll");
    PictureText.readable(request).forEach(table::row);
    table.row("template", request.template().replace("\n", "\\n"));
    table.print(out(), "  ");
  }

  private void print(ModelInfo info) {
    if (report().json()) {
      out().println(JsonText.report(info));
    } else {
      ModelTable.print(out(), info);
      if (report().verbose()) {
        ModelTable.printUnused(out(), info);
      }
    }
  }
}

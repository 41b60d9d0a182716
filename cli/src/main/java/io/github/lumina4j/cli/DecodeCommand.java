package io.github.lumina4j.cli;

import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina decode}: saved codes to a picture. */
@CommandLine.Command(
    name = "decode",
    header = "Turn saved image codes into a picture.",
    description = "Needs the image tokenizer only.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina generate -p \"a red fox\" -o fox.png --save-tokens fox.json",
      "  lumina decode fox.json -o again.png"
    })
final class DecodeCommand extends Command {
  @Parameters(
      index = "0",
      paramLabel = "TOKENS.json",
      description = "A file that --save-tokens wrote; - is standard input.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, .png or .jpg; - is standard output (default: TOKENS.png).")
  private Path output;

  @Option(
      names = "--whole",
      description = "Write both panels of a two-panel picture, not only the answer.")
  private boolean whole;

  @Mixin private OpenOption open;
  @Mixin private ModelOptions model;
  @Mixin private ImageDtypeOption imageDtype;

  private record Report(
      String file, int width, int height, boolean complete, RequestRecord request) {}

  DecodeCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    TokenFile tokens = TokenFile.read(input, environment().in());
    Path target =
        target(output, StandardInput.is(input) ? "decoded.png" : OutputNames.stem(input) + ".png");
    if (!StandardInput.is(target)) {
      ImageFiles.checkWritable(
          target,
          tokens.columns() * ReconstructCommand.CODE_PIXELS,
          tokens.rows() * ReconstructCommand.CODE_PIXELS);
    }
    Optional.ofNullable(tokens.request()).ifPresent(PictureText::check);
    PipelineOptions options =
        new Models(environment(), this::note).picturesOnly(model, imageDtype.imageDtype());
    try (Backend.Session session = open(options)) {
      note("decoding " + tokens.rows() + "x" + tokens.columns() + " codes");
      RgbImage all = session.decode(tokens.imageCodes());
      checkCancelled();
      Panel panel = whole ? Panel.WHOLE : tokens.panelKind();
      RgbImage picture = panel.of(all);
      if (StandardInput.is(target)) {
        writePictureOut(
            picture, tokens.request() == null ? Map.of() : PictureText.chunks(tokens.request()));
        return;
      }
      Unwritten unwritten = new Unwritten(this);
      Path file = unwritten.file(Rescue.picture(target, picture, tokens.request(), Map.of()));
      if (report().json()) {
        json(
            new Report(
                file.toString(),
                picture.width(),
                picture.height(),
                tokens.complete(),
                tokens.request()),
            unwritten.problem());
      } else {
        out().println(file);
      }
      open.show(this, file);
      unwritten.end();
    }
  }
}

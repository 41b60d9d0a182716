package io.github.lumina4j.cli;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Psnr;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina reconstruct}: a picture to codes and back. */
@CommandLine.Command(
    name = "reconstruct",
    header = "Turn a picture into image codes and back.",
    description = "Says how near the result is: the quickest proof that the image tokenizer works.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the written file's name and the peak signal-to-noise ratio.",
      "",
      "Examples:",
      "  lumina reconstruct photo.jpg --image-tokenizer movqgan_270M.ckpt",
      "  lumina reconstruct photo.jpg --size 512x512 -o back.png --save-tokens t.json"
    })
final class ReconstructCommand extends Command {
  /** Pixels per code, along each side. */
  static final int CODE_PIXELS = 8;

  @Parameters(index = "0", paramLabel = "INPUT", description = "The picture; - is standard input.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "The file to write, .png or .jpg; - is standard output (default: "
              + "INPUT-reconstructed.png).")
  private Path output;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = Converters.Size.class,
      description =
          "Scale and crop the picture to this size first, multiples of 8 (default: up to 7 "
              + "pixels are cut from its sides).")
  private ImageSize size;

  @Option(
      names = "--save-tokens",
      paramLabel = "FILE.json",
      description = "Save the codes as well.")
  private Path saveTokens;

  private Path saved; // where the codes went; null if nowhere

  @Mixin private OpenOption open;
  @Mixin private ModelOptions model;
  @Mixin private IccOption icc;
  @Mixin private ImageDtypeOption imageDtype;

  private record Report(
      String file,
      String tokens,
      int width,
      int height,
      int rows,
      int columns,
      Double psnrDb,
      boolean identical,
      double seconds) {}

  ReconstructCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    RgbImage picture = prepare(StandardInput.picture(input, environment().in(), icc.readOptions()));
    Path target =
        target(
            output,
            StandardInput.is(input)
                ? "reconstructed.png"
                : OutputNames.stem(input) + "-reconstructed.png");
    if (!StandardInput.is(target)) {
      ImageFiles.checkWritable(target, picture.width(), picture.height());
    }
    Optional.ofNullable(saveTokens).ifPresent(TextFiles::checkWritable);
    PipelineOptions options =
        new Models(environment(), this::note).picturesOnly(model, imageDtype.imageDtype());
    try (Backend.Session session = open(options)) {
      long start = System.nanoTime();
      note("encoding " + picture.width() + "x" + picture.height() + " pixels");
      ImageCodes codes = session.encode(picture);
      checkCancelled();
      note("decoding " + codes.rows() + "x" + codes.columns() + " codes");
      RgbImage back = session.decode(codes);
      double seconds = (System.nanoTime() - start) / 1e9;
      checkCancelled();
      Unwritten unwritten = new Unwritten(this);
      boolean standardOutput = StandardInput.is(target);
      Path file =
          standardOutput ? target : unwritten.file(Rescue.picture(target, back, null, Map.of()));
      if (saveTokens != null) {
        TokenFile tokens = TokenFile.of(codes, true, Panel.WHOLE, null);
        unwritten.unless(() -> saved = unwritten.file(Rescue.codes(saveTokens, tokens)));
      }
      if (standardOutput) {
        writePictureOut(back, Map.of());
        unwritten.end();
        return;
      }
      report(file, codes, back, Psnr.between(picture, back), seconds, unwritten.problem());
      open.show(this, file);
      unwritten.end();
    }
  }

  private RgbImage prepare(RgbImage picture) {
    if (size != null) {
      size.requireMultipleOf(CODE_PIXELS);
      return CenterCrop.centerCrop(picture, size.width(), size.height());
    }
    int width = picture.width() / CODE_PIXELS * CODE_PIXELS;
    int height = picture.height() / CODE_PIXELS * CODE_PIXELS;
    if (width == 0 || height == 0) {
      throw new IllegalArgumentException(
          input
              + (": " + picture.width() + "x" + picture.height() + " pixels are too few;")
              + (" at least " + CODE_PIXELS + "x" + CODE_PIXELS + " are needed"));
    }
    return picture.crop(
        (picture.width() - width) / 2, (picture.height() - height) / 2, width, height);
  }

  private void report(
      Path file,
      ImageCodes codes,
      RgbImage back,
      double psnr,
      double seconds,
      LuminaException problem) {
    boolean identical = Double.isInfinite(psnr);
    if (report().json()) {
      json(
          new Report(
              file.toString(),
              saved == null ? null : saved.toString(),
              back.width(),
              back.height(),
              codes.rows(),
              codes.columns(),
              identical ? null : psnr,
              identical,
              seconds),
          problem);
    } else {
      out().println(file);
      out().println("PSNR " + (identical ? "infinite: identical" : Units.decimal(psnr, 2) + " dB"));
    }
  }
}

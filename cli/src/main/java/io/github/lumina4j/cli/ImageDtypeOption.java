package io.github.lumina4j.cli;

import io.github.lumina4j.Precision;
import picocli.CommandLine.Option;

/** The number format of the picture decoder. */
final class ImageDtypeOption {
  @Option(
      names = "--image-dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description = "Number format of the picture decoder: fp32 or bf16 (default: fp32).")
  private Precision imageDtype = Precision.FP32;

  Precision imageDtype() {
    return imageDtype;
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Precision;
import picocli.CommandLine.Option;

/** The number format of the transformer. */
final class DtypeOption {
  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      converter = Converters.Dtype.class,
      description = "Number format of the transformer: auto (as stored), fp32 or bf16.")
  private Precision dtype = Precision.AUTO;

  Precision dtype() {
    return dtype;
  }
}

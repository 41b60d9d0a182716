package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which adapters to add to the weights of the model. */
final class AdapterOptions {
  @Option(
      names = "--lora",
      paramLabel = "PATH[:SCALE]",
      converter = Converters.Lora.class,
      description =
          "A LoRA adapter to add to the model's weights: its folder or .safetensors file, and how "
              + "much of it (default: 1). May be given several times.")
  private List<Adapter> adapters = new ArrayList<>();

  /** In the order they were given; empty if none was. */
  List<Adapter> adapters() {
    return adapters;
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Device;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which files to load, and what to run them on. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "The checkpoint folder; without it the variable LUMINA_MODEL, and without that the demo "
              + "model, which draws coloured shapes. As DIR, ORG/NAME or ORG/NAME@REVISION stands "
              + "for a model of 'lumina pull', demo for the demo model, and recipe:PRESET (tiny, small, 2b or 7b) for a checkpoint that is made on the spot "
              + "and kept: no download, but its pictures are noise.")
  private String model;

  @Option(
      names = "--image-tokenizer",
      paramLabel = "FILE",
      description =
          "The MoVQGAN weights (.ckpt or .safetensors); without it the file movqgan* "
              + "in the checkpoint folder. ORG/NAME stands for the one in a pulled model.")
  private Path imageTokenizer;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Where to run: cpu, cuda or cuda:N (default: cpu); see 'lumina devices'.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Processor threads; 0 is one for each processor that this program may use: affinity, CPU "
              + "sets and quotas count, see devices (default: 0).")
  private int threads;

  /** The model as given; null if not. */
  String model() {
    return model;
  }

  /** The image tokenizer as given; null if not. */
  Path imageTokenizer() {
    return imageTokenizer;
  }

  Device device() {
    return new Device(device);
  }

  int threads() {
    return threads;
  }
}

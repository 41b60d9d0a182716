package io.github.lumina4j.cli;

import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.SamplingOptions.GuidanceSchedule;
import io.github.lumina4j.SamplingOptions.Mode;
import picocli.CommandLine.Option;

/** How tokens are chosen; the defaults are those of {@link SamplingOptions#DEFAULT}. */
final class SamplingMixin {
  private static final SamplingOptions DEFAULT = SamplingOptions.DEFAULT;

  @Option(
      names = "--cfg",
      paramLabel = "SCALE",
      description = "Strength of classifier-free guidance, 4.0 by default; 1 turns it off.")
  private double cfg = DEFAULT.guidanceScale();

  @Option(
      names = "--cfg-schedule",
      paramLabel = "NAME",
      converter = Converters.Schedule.class,
      description =
          "constant (the default), or reference: never below 4, larger values decay to 4, "
              + "as the Python program does it.")
  private GuidanceSchedule schedule = DEFAULT.guidanceSchedule();

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Choose among the N most likely image codes, 4096 by default; 1 is greedy.")
  private int topK = DEFAULT.imageTopK();

  @Option(
      names = "--text-top-k",
      paramLabel = "N",
      description = "The same for text tokens, 10 by default; only with --sampling reference.")
  private int textTopK = DEFAULT.textTopK();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Divides the logits, 1.0 by default; smaller is more certain.")
  private double temperature = DEFAULT.temperature();

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      converter = Converters.SamplingMode.class,
      description =
          "forced (the default): the size asked for sets the structure of the picture. "
              + "reference: the model samples it as well, as in the Python program.")
  private Mode mode = DEFAULT.mode();

  /**
   * The options as a whole.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  SamplingOptions toOptions(long seed) {
    return new SamplingOptions(cfg, schedule, topK, textTopK, temperature, mode, seed);
  }
}

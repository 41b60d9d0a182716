package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.SamplingOptions.GuidanceSchedule;
import io.github.lumina4j.SamplingOptions.Mode;
import io.github.lumina4j.model.GenerationDefaults;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/**
 * How tokens are chosen; what is not given is up to the model, else to {@link
 * SamplingOptions#DEFAULT}.
 */
final class SamplingMixin {
  @Option(
      names = "--cfg",
      paramLabel = "SCALE",
      description =
          "Strength of classifier-free guidance; 1 turns it off (default: the model's own, else "
              + "4.0).")
  private Double cfg;

  @Option(
      names = "--cfg-schedule",
      paramLabel = "NAME",
      converter = Converters.Schedule.class,
      description =
          "constant, or reference: never below 4, larger values decay to 4, as the Python program "
              + "does it (default: constant).")
  private GuidanceSchedule schedule;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description =
          "Choose among the N most likely image codes; 1 is greedy (default: the model's own, "
              + "else 4096).")
  private Integer topK;

  @Option(
      names = "--text-top-k",
      paramLabel = "N",
      description = "The same for text tokens (default: 10); only with --sampling reference.")
  private Integer textTopK;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Divides the logits; smaller is more certain (default: the model's own, else 1.0).")
  private Double temperature;

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      converter = Converters.SamplingMode.class,
      description =
          "forced: the size asked for sets the structure of the picture. "
              + "reference: the model samples it as well, as in the Python program (default: forced).")
  private Mode mode;

  /**
   * Hands on what is given.
   *
   * @param firstSeed given or chosen
   * @throws IllegalArgumentException if one is out of its range
   */
  void apply(GenerationRequest.Builder request, long firstSeed) {
    set(cfg, request::guidanceScale);
    set(schedule, request::guidanceSchedule);
    set(topK, request::imageTopK);
    set(textTopK, request::textTopK);
    set(temperature, request::temperature);
    set(mode, request::mode);
    request.seed(firstSeed);
  }

  /** What is given, and the model's own values for the rest. */
  SamplingOptions resolve(GenerationDefaults defaults, long seed) {
    GenerationRequest.Builder request = GenerationRequest.builder("a picture");
    apply(request, seed);
    return request.build().resolve(defaults).sampling();
  }

  private static <T> void set(T given, Consumer<T> setter) {
    if (given != null) {
      setter.accept(given);
    }
  }
}

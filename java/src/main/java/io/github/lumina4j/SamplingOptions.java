package io.github.lumina4j;

import java.util.Locale;
import java.util.Objects;

/**
 * How tokens are chosen.
 *
 * @param guidanceScale strength of classifier-free guidance, 0 to {@value #MAX_GUIDANCE_SCALE}; 1
 *     turns it off
 * @param guidanceSchedule how the scale moves along the picture
 * @param imageTopK how many of the most likely codes may be chosen, at least 1; 1 is greedy; codes
 *     that tie with the last are kept
 * @param textTopK the same for text, used only by {@link Mode#REFERENCE}
 * @param temperature divides the logits, {@value #MIN_TEMPERATURE} to {@value #MAX_TEMPERATURE}
 * @param mode who decides the structure of the picture
 * @param seed any 64 bits, of which {@link Seeds} reads and writes every form; the same seed,
 *     request and machine give the same picture
 */
public record SamplingOptions(
    double guidanceScale,
    GuidanceSchedule guidanceSchedule,
    int imageTopK,
    int textTopK,
    double temperature,
    Mode mode,
    long seed) {

  /** The strongest guidance: far beyond any use, and logits stay finite. */
  public static final double MAX_GUIDANCE_SCALE = 1000;

  /** The lowest temperature, which draws nearly always the likeliest code. */
  public static final double MIN_TEMPERATURE = 0.001;

  /** The highest temperature, which draws nearly any code as likely. */
  public static final double MAX_TEMPERATURE = 1000;

  /** Guidance 4.0, top-k 4096 and 10, temperature 1.0, seed 0. */
  public static final SamplingOptions DEFAULT =
      new SamplingOptions(4.0, GuidanceSchedule.CONSTANT, 4096, 10, 1.0, Mode.FORCED, 0);

  /** How the guidance scale moves along the picture. */
  public enum GuidanceSchedule {
    /** The scale as asked, everywhere. */
    CONSTANT,
    /** As the Python reference: never below 4, larger values decay to 4. */
    REFERENCE;

    /** The name the engine and the command line use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who decides the structure of the picture. */
  public enum Mode {
    /** Header, line ends and end are set by the requested size; only codes are sampled. */
    FORCED,
    /** The model samples the header as well, as in the Python reference; sizes may differ. */
    REFERENCE;

    /** The name the engine and the command line use. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public SamplingOptions {
    Objects.requireNonNull(guidanceSchedule, "guidanceSchedule");
    Objects.requireNonNull(mode, "mode");
    if (!(guidanceScale >= 0 && guidanceScale <= MAX_GUIDANCE_SCALE)) {
      throw new IllegalArgumentException(
          "guidance scale must be between 0 and 1000 (got " + guidanceScale + ")");
    }
    if (imageTopK < 1) {
      throw new IllegalArgumentException("top-k must be 1 or more, not " + imageTopK);
    }
    if (textTopK < 1) {
      throw new IllegalArgumentException("text top-k must be 1 or more, not " + textTopK);
    }
    if (!(temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE)) {
      throw new IllegalArgumentException(
          "temperature must be between 0.001 and 1000 (got " + temperature + ")");
    }
  }

  public SamplingOptions withGuidanceScale(double scale) {
    return new SamplingOptions(
        scale, guidanceSchedule, imageTopK, textTopK, temperature, mode, seed);
  }

  public SamplingOptions withGuidanceSchedule(GuidanceSchedule schedule) {
    Objects.requireNonNull(schedule, "schedule");
    return new SamplingOptions(
        guidanceScale, schedule, imageTopK, textTopK, temperature, mode, seed);
  }

  public SamplingOptions withImageTopK(int topK) {
    return new SamplingOptions(
        guidanceScale, guidanceSchedule, topK, textTopK, temperature, mode, seed);
  }

  public SamplingOptions withTextTopK(int topK) {
    return new SamplingOptions(
        guidanceScale, guidanceSchedule, imageTopK, topK, temperature, mode, seed);
  }

  public SamplingOptions withTemperature(double newTemperature) {
    return new SamplingOptions(
        guidanceScale, guidanceSchedule, imageTopK, textTopK, newTemperature, mode, seed);
  }

  public SamplingOptions withMode(Mode newMode) {
    Objects.requireNonNull(newMode, "newMode");
    return new SamplingOptions(
        guidanceScale, guidanceSchedule, imageTopK, textTopK, temperature, newMode, seed);
  }

  public SamplingOptions withSeed(long newSeed) {
    return new SamplingOptions(
        guidanceScale, guidanceSchedule, imageTopK, textTopK, temperature, mode, newSeed);
  }
}

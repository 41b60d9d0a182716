package io.github.lumina4j;

import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.Natives;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Measures a checkpoint on this machine. */
public final class Benchmark {
  private Benchmark() {}

  /**
   * What to measure.
   *
   * @param model checkpoint folder
   * @param imageTokenizer MoVQGAN file, or empty: the one in the folder, if any
   * @param dtype precision of the transformer: auto, fp32 or bf16
   * @param quantize how its matrices are stored, a {@link Quantization#name}, or empty: as they are
   * @param activations what quantised matrices multiply, an {@link Activations#id}
   * @param kvCache how keys and values are kept, a {@link KvCache#id}
   * @param threads 0 for one per allowed processor
   * @param cacheLengths tokens in the cache at which a step is timed
   * @param windows tokens of the speculative passes timed there as well; may be empty
   * @param steps timed steps at each length; the median counts
   * @param promptTokens length of the prompt of the prefill
   * @param imageSides sides, in pixels, of the square pictures encoded and decoded
   */
  public record Options(
      String model,
      String imageTokenizer,
      String dtype,
      String quantize,
      String activations,
      String kvCache,
      int threads,
      List<Integer> cacheLengths,
      List<Integer> windows,
      int steps,
      int promptTokens,
      List<Integer> imageSides) {
    public Options {
      Objects.requireNonNull(model, "model");
      Objects.requireNonNull(imageTokenizer, "imageTokenizer");
      Objects.requireNonNull(dtype, "dtype");
      Objects.requireNonNull(quantize, "quantize");
      Objects.requireNonNull(activations, "activations");
      Objects.requireNonNull(kvCache, "kvCache");
      Objects.requireNonNull(cacheLengths, "cacheLengths");
      Objects.requireNonNull(windows, "windows");
      Objects.requireNonNull(imageSides, "imageSides");
      cacheLengths = List.copyOf(cacheLengths);
      windows = List.copyOf(windows);
      imageSides = List.copyOf(imageSides);
    }

    /** The usual measurements of the checkpoint in {@code folder}. */
    public static Options of(Path folder) {
      Objects.requireNonNull(folder, "folder");
      return new Options(
          folder.toString(),
          "",
          "auto",
          "",
          "int8",
          "auto",
          0,
          List.of(64, 1024, 4656),
          List.of(8, 16, 32),
          5,
          64,
          List.of(256));
    }
  }

  /**
   * What was measured.
   *
   * @param dtype precision used
   * @param quantization of the matrices; empty if there is none
   * @param readBandwidth bytes per second that the threads read from memory, in the same run
   * @param peakMemoryBytes largest resident size, mapped weights included
   * @param weightBytes of the transformer in memory
   * @param cacheBytes of the key-value cache that was allocated
   */
  public record Report(
      String machine,
      int threads,
      String dtype,
      String quantization,
      double readBandwidth,
      double loadSeconds,
      Prefill prefill,
      List<Step> steps,
      List<Picture> pictures,
      long weightBytes,
      long cacheBytes,
      long peakMemoryBytes) {}

  /** Reading a prompt of {@code tokens}. */
  public record Prefill(int tokens, double seconds) {}

  /**
   * One decode step of two rows (guidance) with {@code cacheLength} tokens in each row's cache.
   *
   * @param bytes weights and cache that the step must read
   * @param bandwidthShare of the measured read bandwidth, 0 to 1 and a little
   * @param windows speculative passes there
   */
  public record Step(
      int cacheLength,
      double milliseconds,
      double tokensPerSecond,
      long bytes,
      double bandwidthShare,
      List<Window> windows) {}

  /**
   * A pass that feeds {@code window} tokens to both rows.
   *
   * @param steps how many decode steps take as long: speculation pays if a pass decides more codes
   */
  public record Window(int window, double milliseconds, double steps) {}

  /** Encoding and decoding a square picture of {@code side} pixels. */
  public record Picture(int side, double encodeSeconds, double decodeSeconds) {}

  /**
   * Runs the measurements; minutes for large models.
   *
   * @param listener called on this thread; may be null
   * @param cancellation may be null
   * @throws GenerationCancelledException if it was cancelled or this thread interrupted
   */
  public static Report run(
      Options options, ProgressListener listener, CancellationToken cancellation) {
    Objects.requireNonNull(options, "options");
    return Json.read(Natives.bench(Json.write(options), listener, cancellation), Report.class);
  }
}

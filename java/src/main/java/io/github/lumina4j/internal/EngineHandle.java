package io.github.lumina4j.internal;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.text.SpecialTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * One open engine. Owns the native object from {@link #open} to {@link #close}; everything else it
 * makes lives for one call. Used on the engine's own thread alone: see {@link EngineThread}.
 */
public final class EngineHandle implements AutoCloseable {
  private final NativeEngine engine;
  private boolean closed;

  private EngineHandle(NativeEngine engine) {
    this.engine = engine;
  }

  /** Loads the weights; {@code imageTokenizer} and {@code tokens} as resolved by the caller. */
  public static EngineHandle open(
      PipelineOptions options, Optional<Path> imageTokenizer, Optional<SpecialTokens> tokens) {
    try (NativeEngineOptions target = new NativeEngineOptions();
        NativeStatus status = new NativeStatus();
        BytePointer model = Natives.utf8(options.model().map(Path::toString).orElse(""));
        BytePointer file = Natives.utf8(imageTokenizer.map(Path::toString).orElse(""));
        BytePointer device = Natives.utf8(options.device().name());
        BytePointer precision = Natives.utf8(options.precision().id());
        BytePointer quantization =
            Natives.utf8(options.quantization().map(Quantization::name).orElse(""));
        BytePointer activations = Natives.utf8(options.activations().id());
        BytePointer kvCache = Natives.utf8(options.kvCache().id());
        BytePointer imagePrecision = Natives.utf8(options.imagePrecision().id());
        BytePointer adapters = Natives.utf8(AdapterJson.of(options.adapters()))) {
      target
          .model_dir(model)
          .image_tokenizer(file)
          .device(device)
          .dtype(precision)
          .quantize(quantization)
          .activations(activations)
          .kv_cache(kvCache)
          .image_tokenizer_dtype(imagePrecision)
          .adapters(adapters)
          .threads(options.threads())
          .check_memory(options.checkMemory());
      tokens.ifPresent(
          ids -> {
            NativeTokenIds native_ = target.token_ids();
            native_.image_start(ids.imageStart()).image_end(ids.imageEnd()).new_line(ids.newLine());
            int[] grid = ids.grid();
            native_.set_grid(grid, grid.length);
          });
      NativeEngine engine = NativeLumina.engine_open(target, status);
      Natives.check(status);
      return new EngineHandle(engine);
    }
  }

  /** What the engine needs for one picture, prompt already as token ids. */
  public record Job(
      int[] promptIds,
      int width,
      int height,
      Optional<RgbImage> given,
      SamplingOptions sampling,
      DecodingOptions decoding,
      boolean allowPartial) {
    /** This job, drawn that way. */
    public Job withSampling(SamplingOptions other) {
      return new Job(promptIds, width, height, given, other, decoding, allowPartial);
    }
  }

  /** What the engine makes of a {@link Job}. */
  public record Output(RgbImage image, ImageCodes codes, boolean complete, GenerationStats stats) {}

  /** Hears about rows of codes, the given ones included, each time there are more. */
  @FunctionalInterface
  public interface RowsListener {
    void onRows(ImageCodes codes, int rowsTotal);
  }

  /** How many of {@code count} pictures of a job are best drawn side by side. */
  public int together(Job job, int count) {
    try (NativeRequest request = new NativeRequest();
        NativeStatus status = new NativeStatus()) {
      fill(request, job);
      int together = NativeLumina.engine_together(engine, request, count, status);
      Natives.check(status);
      return together;
    }
  }

  /**
   * Makes {@code count} pictures side by side, with the job's seed and those that follow it; the
   * listeners are called on the caller's thread.
   *
   * @param listener may be null
   * @param rows called after {@code listener}; may be null, and is if {@code listener} is
   */
  public List<Output> generate(
      Job job, int count, ProgressListener listener, RowsListener rows, EngineCall<?> call) {
    try (NativeRequest request = new NativeRequest();
        NativeResults results = new NativeResults();
        NativeStatus status = new NativeStatus();
        ObserverBridge observer = ObserverBridge.of(call, listener, rows)) {
      fill(request, job);
      NativeLumina.engine_generate(engine, request, count, observer, call.flag(), results, status);
      Natives.check(status);
      return LongStream.range(0, results.count()).mapToObj(i -> output(results.at(i))).toList();
    }
  }

  private static Output output(NativeResult result) {
    return new Output(
        image(result.image()),
        codes(result.codes()),
        "complete".equals(Natives.text(result.finish())),
        stats(result.stats()));
  }

  /**
   * How likely the model says codes are that the job could have made, which need not name the given
   * picture: the mean of ln p over the codes.
   *
   * @param givenRows rows of the codes that the model was given, which do not count
   */
  public double logLikelihood(Job job, ImageCodes source, int givenRows, EngineCall<?> call) {
    try (NativeRequest request = new NativeRequest();
        NativeCodes codes = new NativeCodes();
        NativeStatus status = new NativeStatus()) {
      fill(request, job);
      fill(codes, source);
      double value =
          NativeLumina.engine_log_likelihood(
              engine, request, codes, givenRows, call.flag(), status);
      Natives.check(status);
      return value;
    }
  }

  /** Picture to codes; width and height must be multiples of 8. */
  public ImageCodes encode(RgbImage picture) {
    try (NativeImage image = new NativeImage();
        NativeCodes codes = new NativeCodes();
        NativeStatus status = new NativeStatus()) {
      byte[] rgb = picture.pixels();
      image.width(picture.width()).height(picture.height());
      image.set_pixels(rgb, rgb.length);
      NativeLumina.engine_encode(engine, image, codes, status);
      Natives.check(status);
      return codes(codes);
    }
  }

  /** Pictures of one size to codes, together. */
  public List<ImageCodes> encode(List<RgbImage> pictures) {
    RgbImage first = pictures.get(0);
    int bytes = first.width() * first.height() * RgbImage.CHANNELS;
    byte[] stack = new byte[Math.multiplyExact(bytes, pictures.size())];
    for (int i = 0; i < pictures.size(); i++) {
      pictures.get(i).copyRows(0, first.height(), stack, i * bytes);
    }
    try (NativeImage image = new NativeImage();
        NativeCodes codes = new NativeCodes();
        NativeStatus status = new NativeStatus()) {
      image.width(first.width()).height(first.height() * pictures.size());
      image.set_pixels(stack, stack.length);
      NativeLumina.engine_encode_stack(engine, image, pictures.size(), codes, status);
      Natives.check(status);
      return codes(codes).split(pictures.size());
    }
  }

  /**
   * Codes to a picture of eight times their size. A listener of {@link #generate} may call this,
   * too.
   */
  public RgbImage decode(ImageCodes source, EngineCall<?> call) {
    try (NativeCodes codes = new NativeCodes();
        NativeImage image = new NativeImage();
        NativeStatus status = new NativeStatus()) {
      fill(codes, source);
      NativeLumina.engine_decode(engine, codes, call.flag(), image, status);
      Natives.check(status);
      return image(image);
    }
  }

  /**
   * What each code looks like, roughly: 8x8 pixels for every code, one below the other. A listener
   * of {@link #generate} may call this, too.
   */
  public RgbImage codePatches(EngineCall<?> call) {
    try (NativeImage image = new NativeImage();
        NativeStatus status = new NativeStatus()) {
      NativeLumina.engine_code_patches(engine, call.flag(), image, status);
      Natives.check(status);
      return image(image);
    }
  }

  /** What is loaded, as JSON. */
  public String info() {
    return Natives.json((json, status) -> NativeLumina.engine_info(engine, json, status));
  }

  /** Frees the engine; again has no effect. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      NativeLumina.engine_close(engine);
    }
  }

  private static void fill(NativeRequest request, Job job) {
    SamplingOptions sampling = job.sampling();
    DecodingOptions decoding = job.decoding();
    try (BytePointer schedule = Natives.utf8(sampling.guidanceSchedule().id());
        BytePointer mode = Natives.utf8(sampling.mode().id());
        BytePointer decodingMode = Natives.utf8(decoding.mode().id());
        BytePointer initialization = Natives.utf8(decoding.initialization().id())) {
      request.set_prompt(job.promptIds(), job.promptIds().length);
      request.width(job.width()).height(job.height()).allow_partial(job.allowPartial());
      if (job.given().isPresent()) {
        byte[] rgb = job.given().get().pixels();
        request.set_given(rgb, rgb.length);
      }
      request
          .sampling()
          .guidance_scale(sampling.guidanceScale())
          .guidance_schedule(schedule)
          .image_top_k(sampling.imageTopK())
          .text_top_k(sampling.textTopK())
          .temperature(sampling.temperature())
          .mode(mode)
          .seed(sampling.seed());
      request
          .decoding()
          .mode(decodingMode)
          .window(decoding.window())
          .initialization(initialization)
          .lambda(decoding.lambda())
          .together(decoding.together());
    }
  }

  private static void fill(NativeCodes codes, ImageCodes source) {
    int[] values = source.values();
    codes.rows(source.rows()).columns(source.columns());
    codes.set_values(values, values.length);
  }

  private static RgbImage image(NativeImage image) {
    byte[] rgb = new byte[Math.toIntExact(image.pixel_count())];
    image.pixel_data().get(rgb);
    return new RgbImage(image.width(), image.height(), rgb);
  }

  private static ImageCodes codes(NativeCodes codes) {
    int[] values = new int[Math.toIntExact(codes.value_count())];
    IntPointer data = codes.value_data();
    data.get(values);
    return new ImageCodes(codes.rows(), codes.columns(), values);
  }

  private static GenerationStats stats(NativeStats stats) {
    return new GenerationStats(
        stats.prompt_tokens(),
        stats.generated_tokens(),
        stats.passes(),
        stats.window(),
        stats.together(),
        codesPerPass(stats),
        stats.law_shift(),
        stats.encode_seconds(),
        stats.prefill_seconds(),
        stats.decode_seconds(),
        stats.model_seconds(),
        stats.sampling_seconds(),
        stats.image_decode_seconds(),
        stats.total_seconds(),
        stats.peak_memory_bytes());
  }

  private static List<Long> codesPerPass(NativeStats stats) {
    long[] counts = new long[Math.toIntExact(stats.codes_per_pass_count())];
    stats.codes_per_pass_data().get(counts);
    return LongStream.of(counts).boxed().toList();
  }

  static Progress progress(NativeProgress progress) {
    return new Progress(
        Progress.Phase.values()[progress.phase()],
        progress.rows_done(),
        progress.rows_total(),
        progress.tokens_done(),
        progress.tokens_total(),
        progress.seconds(),
        progress.pictures());
  }
}

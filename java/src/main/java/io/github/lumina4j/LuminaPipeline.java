package io.github.lumina4j;

import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.internal.CodePatches;
import io.github.lumina4j.internal.EngineHandle;
import io.github.lumina4j.internal.StopFlag;
import io.github.lumina4j.model.CacheFolder;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.model.DemoModel;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.text.EncodedPrompt;
import io.github.lumina4j.text.LuminaTokenizer;
import io.github.lumina4j.text.PromptBuilder;
import io.github.lumina4j.text.SpecialTokens;
import io.github.lumina4j.text.TokenizerFile;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A loaded model that turns requests into pictures: the only object with a native lifetime.
 *
 * <p>Contract: calls may come from any thread and run one after another. The listener runs on the
 * calling thread, and an exception it throws comes out of {@code generate} unchanged. Cancelling
 * takes effect within one step of the model, with {@link GenerationCancelledException}. {@link
 * #close} cancels the running call, waits for it, frees everything, and may be called again; any
 * call after it raises {@link IllegalStateException}. Calling this pipeline from inside its own
 * listener would wait for itself, so that raises {@link IllegalStateException} at once; what a
 * {@link Preview} offers is meant for it. A pipeline that becomes unreachable without being closed
 * is freed, and the leak is logged.
 */
public final class LuminaPipeline implements Generator, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LuminaPipeline.class.getName());
  private static final Cleaner CLEANER = Cleaner.create();

  private final Resources resources;
  private final Cleaner.Cleanable cleanable;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final CancellationToken closing = new CancellationToken();
  private final GenerationDefaults defaults;
  private final Optional<Path> imageTokenizer;

  private StopFlag running; // of the request that is being served; guarded by the lock
  private volatile CodePatches patches; // null until a preview needs them; set under the lock

  /** The text side of a model. */
  private record Words(LuminaTokenizer tokenizer, PromptBuilder prompts) {
    Words(LuminaTokenizer tokenizer, SpecialTokens special) {
      this(tokenizer, new PromptBuilder(tokenizer, special));
    }
  }

  /** What must be freed; has no way back to the pipeline, so that a leak can be noticed. */
  private record Resources(EngineHandle engine, Optional<Words> words, CancellationToken closing)
      implements Runnable {
    @Override
    public void run() {
      if (!closing.isCancelled()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a LuminaPipeline was not closed; its memory is freed only now");
      }
      engine.close();
      words.ifPresent(loaded -> loaded.tokenizer().close());
    }
  }

  private LuminaPipeline(
      EngineHandle engine,
      Optional<Words> words,
      GenerationDefaults defaults,
      Optional<Path> imageTokenizer) {
    this.defaults = defaults;
    this.imageTokenizer = imageTokenizer;
    this.resources = new Resources(engine, words, closing);
    this.cleanable = CLEANER.register(this, resources);
  }

  /**
   * Loads a model. The tokenizer is read on a second thread beside the weights.
   *
   * @throws CheckpointException if a file is missing, damaged or of another model
   * @throws OutOfMemoryException if it cannot fit, before anything large is loaded
   * @throws DeviceException if the native library or the device cannot be used
   */
  public static LuminaPipeline open(PipelineOptions options) {
    Optional<CheckpointFolder> model = options.model().map(CheckpointFolder::new);
    Optional<Path> imageTokenizer =
        options.imageTokenizer().or(() -> model.flatMap(CheckpointFolder::imageTokenizer));
    GenerationDefaults defaults =
        model.map(CheckpointFolder::generationDefaults).orElse(GenerationDefaults.NONE);
    Optional<TokenizerFile> file = model.map(folder -> TokenizerFile.read(folder.path()));
    Optional<SpecialTokens> special =
        file.map(read -> SpecialTokens.of(read, model.orElseThrow().imageTokenOffset()));
    Optional<CompletableFuture<LuminaTokenizer>> loading =
        file.map(read -> CompletableFuture.supplyAsync(() -> LuminaTokenizer.open(read)));
    EngineHandle engine = null;
    try {
      engine = EngineHandle.open(options, imageTokenizer, special);
      return new LuminaPipeline(
          engine,
          loading.map(future -> new Words(future.join(), special.orElseThrow())),
          defaults,
          imageTokenizer);
    } catch (RuntimeException | Error failure) {
      if (engine != null) {
        engine.close();
      }
      loading.ifPresent(future -> future.thenAccept(LuminaTokenizer::close));
      if (failure instanceof CompletionException
          && failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /**
   * Loads the demo model: a small model of a world of coloured shapes, from the artifact {@code
   * io.github.lumina4j:lumina4j-demo-model}. It is unpacked to the user's cache when first used.
   *
   * @throws CheckpointException if the artifact is not on the class path
   */
  public static LuminaPipeline openDemo() {
    return open(PipelineOptions.builder(DemoModel.folder()).build());
  }

  /** Makes a picture. */
  public GenerationResult generate(GenerationRequest request) {
    return generate(request, null, null);
  }

  /**
   * Makes a picture. What the request leaves open is as the model's generation_config.json says;
   * the request of the result tells what that came to.
   *
   * @param asked what picture
   * @param listener hears about progress on this thread, and sees the rows that are drawn if it is
   *     a {@link PreviewListener}; may be null
   * @param cancellation stops the request from any thread; may be null
   * @throws GenerationCancelledException if stopped
   * @throws IncompleteImageException if the model ended the picture early and {@link
   *     GenerationRequest#allowPartial} is off
   * @throws IllegalArgumentException if the prompt contains control tokens
   * @throws IllegalStateException if the pipeline is closed, has no model, or is called from its
   *     own listener
   */
  @Override
  public GenerationResult generate(
      GenerationRequest asked, ProgressListener listener, CancellationToken cancellation) {
    GenerationRequest request = Objects.requireNonNull(asked, "request").resolve(defaults);
    return together(request, 1, listener, cancellation).get(0);
  }

  /**
   * As {@link Generator#generateAll}: as many pictures side by side, in the same passes of the
   * model, as {@link DecodingOptions#together} says and memory has room for.
   */
  @Override
  public void generateAll(
      GenerationRequest asked,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results) {
    if (listener instanceof PreviewListener) {
      Generator.oneByOne(this, asked, count, listener, cancellation, results);
      return;
    }
    RequestRules.checkCount(count);
    GenerationRequest request = Objects.requireNonNull(asked, "request").resolve(defaults);
    for (int made = 0; made < count; ) {
      long seed = request.sampling().seed() + made;
      List<GenerationResult> drawn =
          together(request.withSeed(seed), count - made, listener, cancellation);
      drawn.forEach(results);
      made += drawn.size();
    }
  }

  /** The first of {@code count} pictures, as many as are best drawn side by side. */
  private List<GenerationResult> together(
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation) {
    return exclusively(
        () -> {
          ImageSize size = request.size();
          Optional<RgbImage> given =
              request
                  .image()
                  .map(
                      picture ->
                          CenterCrop.centerCrop(
                              picture, size.width(), size.height() / request.task().panels()));
          EngineHandle.Job job = job(request, size, given);
          List<EngineHandle.Output> outputs =
              run(
                  cancellation,
                  stop -> {
                    int together = count == 1 ? 1 : resources.engine().together(job, count);
                    return resources
                        .engine()
                        .generate(job, together, listener, rows(listener), stop);
                  });
          List<GenerationResult> results = new ArrayList<>();
          for (EngineHandle.Output output : outputs) {
            long seed = request.sampling().seed() + results.size();
            results.add(
                new GenerationResult(
                    decided(request.withSeed(seed), output.stats()),
                    output.image(),
                    output.codes(),
                    output.complete(),
                    output.stats()));
          }
          return results;
        });
  }

  /** As {@link #logLikelihood(GenerationRequest, ImageCodes, CancellationToken)}. */
  public double logLikelihood(GenerationRequest request, ImageCodes codes) {
    return logLikelihood(request, codes, null);
  }

  /**
   * How likely the model says a picture is for a request, whoever made it: the mean of the natural
   * logarithm of the probability of each code behind the prompt and the codes before it, at most 0.
   * The probabilities are those that the request's guidance makes, over all image codes and at
   * temperature 1, so that no code is impossible; seed, top-k, temperature and decoding do not
   * matter. What the model does not choose does not count: the rows of a given picture, line ends
   * and the size. Takes about as long as a prompt of as many tokens, far less than drawing.
   *
   * @param asked what was asked; what it leaves open is as for {@link #generate}
   * @param codes the picture, both panels included; of a partial one the rows that exist
   * @param cancellation stops it from any thread; may be null
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the codes cannot be of a
   *     picture of the request's size, or none of them was drawn
   * @throws GenerationCancelledException if stopped
   * @throws IllegalArgumentException if the prompt contains control tokens
   * @throws IllegalStateException if the pipeline is closed, has no model, or is called from its
   *     own listener
   */
  public double logLikelihood(
      GenerationRequest asked, ImageCodes codes, CancellationToken cancellation) {
    GenerationRequest request = Objects.requireNonNull(asked, "request").resolve(defaults);
    Objects.requireNonNull(codes, "codes");
    return exclusively(
        () -> {
          boolean given = request.image().isPresent();
          // Without a given half, reference sampling draws the size as well.
          boolean drawnSize = request.sampling().mode() == SamplingOptions.Mode.REFERENCE && !given;
          ImageSize size = drawnSize ? sizeOf(codes) : request.size();
          int givenRows = given ? size.height() / ImageCodes.PIXELS / request.task().panels() : 0;
          EngineHandle.Job job = job(request, size, Optional.empty());
          return run(
              cancellation, stop -> resources.engine().logLikelihood(job, codes, givenRows, stop));
        });
  }

  /** Of the picture that codes are of, all rows or only the first ones. */
  private static ImageSize sizeOf(ImageCodes codes) {
    int unit = ImageSize.GRID_UNIT;
    int height = (codes.rows() * ImageCodes.PIXELS + unit - 1) / unit * unit;
    return new ImageSize(codes.columns() * ImageCodes.PIXELS, height);
  }

  /** What the engine is asked, for a picture of {@code size}. */
  private EngineHandle.Job job(
      GenerationRequest request, ImageSize size, Optional<RgbImage> given) {
    Words words =
        resources
            .words()
            .orElseThrow(
                () -> new IllegalStateException("this pipeline was opened without a model"));
    EncodedPrompt prompt =
        words
            .prompts()
            .build(
                request
                    .task()
                    .fill(
                        request.size().width(),
                        request.size().height(),
                        request.prompt(),
                        request.description()));
    return new EngineHandle.Job(
        prompt.ids(),
        size.width(),
        size.height(),
        given,
        request.sampling(),
        request.decoding(),
        request.allowPartial());
  }

  // A window that was left to the device decides the picture as much as a seed does, and how many
  // were drawn together decides roundings.
  private static GenerationRequest decided(GenerationRequest request, GenerationStats stats) {
    DecodingOptions decoding = request.decoding().withTogether(stats.together());
    return request.withDecoding(
        decoding.speculative() ? decoding.withWindow(stats.window()) : decoding);
  }

  /** Runs a call of the engine that {@code cancellation} and {@link #close} stop. */
  private <T> T run(CancellationToken cancellation, Function<StopFlag, T> call) {
    CancellationToken token = cancellation == null ? new CancellationToken() : cancellation;
    try (StopFlag stop = new StopFlag();
        CancellationToken.Registration own = token.onCancel(stop::stop);
        CancellationToken.Registration end = closing.onCancel(stop::stop)) {
      running = stop;
      return call.apply(stop);
    } finally {
      running = null;
    }
  }

  /** What {@code listener} wants to know of the codes; null if nothing. */
  private EngineHandle.RowsListener rows(ProgressListener listener) {
    return listener instanceof PreviewListener previews
        ? (codes, rowsTotal) ->
            previews.onPreview(new Preview(codes, rowsTotal, this::project, this::decodeForPreview))
        : null;
  }

  private RgbImage project(ImageCodes codes) {
    if (patches == null) {
      forPreview(
          () -> {
            if (patches == null) {
              patches =
                  CodePatches.of(
                      imageTokenizer.orElseThrow(),
                      CacheFolder.path(),
                      () -> resources.engine().codePatches(running));
            }
            return patches;
          });
    }
    return patches.paint(codes);
  }

  private RgbImage decodeForPreview(ImageCodes codes) {
    return forPreview(() -> resources.engine().decode(codes, running));
  }

  /** As {@link #exclusively}, but the listener may as well: its thread holds the lock already. */
  private <T> T forPreview(Call<T> call) {
    return lock.isHeldByCurrentThread() ? call.run() : exclusively(call);
  }

  /**
   * Turns a picture into codes of the image tokenizer.
   *
   * @param picture width and height multiples of 8
   */
  public ImageCodes encode(RgbImage picture) {
    Objects.requireNonNull(picture, "picture");
    return exclusively(() -> resources.engine().encode(picture));
  }

  /**
   * Turns several pictures into codes together, which is faster than one by one where they are
   * small. Memory grows with their number.
   *
   * @param pictures at least one; all of one size, width and height multiples of 8
   */
  public List<ImageCodes> encode(List<RgbImage> pictures) {
    List<RgbImage> all = List.copyOf(pictures);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no picture to encode");
    }
    RgbImage first = all.get(0);
    if (!all.stream().allMatch(p -> p.width() == first.width() && p.height() == first.height())) {
      throw new IllegalArgumentException("pictures that are encoded together must be of one size");
    }
    return exclusively(() -> resources.engine().encode(all));
  }

  /** Turns codes into a picture of eight times their size. */
  public RgbImage decode(ImageCodes codes) {
    Objects.requireNonNull(codes, "codes");
    return exclusively(() -> resources.engine().decode(codes, null));
  }

  /** What is loaded. */
  public ModelInfo modelInfo() {
    return exclusively(() -> ModelInfo.parse(resources.engine().info(), defaults));
  }

  private interface Call<T> {
    T run();
  }

  private <T> T exclusively(Call<T> call) {
    refuseOwnListener();
    lock.lock();
    try {
      if (closing.isCancelled()) {
        throw new IllegalStateException("the pipeline is closed");
      }
      return call.run();
    } finally {
      lock.unlock();
    }
  }

  private void refuseOwnListener() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a pipeline cannot be called from its own listener");
    }
  }

  /** Cancels the running call, waits for it and frees everything; again has no effect. */
  @Override
  public void close() {
    refuseOwnListener();
    closing.cancel();
    lock.lock();
    try {
      cleanable.clean();
    } finally {
      lock.unlock();
    }
  }
}

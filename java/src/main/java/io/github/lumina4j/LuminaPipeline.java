package io.github.lumina4j;

import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.internal.CodePatches;
import io.github.lumina4j.internal.EngineCall;
import io.github.lumina4j.internal.EngineHandle;
import io.github.lumina4j.internal.EngineThread;
import io.github.lumina4j.internal.PreviewPainter;
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
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * A loaded model that turns requests into pictures: the only object with a native lifetime.
 *
 * <p><b>Threads.</b> Calls may come from any number of threads, platform or virtual, and run one
 * after another on a thread of the pipeline's own, in the order in which they came; so the number
 * of native threads does not depend on that of callers. The caller waits, and a virtual thread
 * leaves its carrier meanwhile. Listeners run on the calling thread, and an exception they throw
 * comes out of {@code generate} unchanged. Calling this pipeline from inside its own listener would
 * wait for itself, so that raises {@link IllegalStateException} at once; what a {@link Preview}
 * offers is meant for it.
 *
 * <p><b>Stopping.</b> A {@link CancellationToken} and {@link Thread#interrupt} (so {@code
 * Future.cancel(true)}, too) end a call that waits for its turn at once, and a running one between
 * two layers of the model, with {@link GenerationCancelledException}; after an interrupt the flag
 * of the thread is set. {@link PipelineOptions#interruptible} keeps interrupts from running calls.
 * {@link #close} cancels the running call, waits for it, frees everything, and may be called again;
 * any call that waits then, or comes later, raises {@link IllegalStateException}. A pipeline that
 * becomes unreachable without being closed is freed, and the leak is logged. When the JVM ends, see
 * {@link JvmShutdown}.
 *
 * <p><b>Bad requests.</b> What is wrong whatever the model, the builders and constructors refuse
 * with {@link IllegalArgumentException} (a missing argument with {@link NullPointerException}, by
 * name). What this model cannot do is a {@link LuminaException} with {@link
 * ErrorCode#INVALID_ARGUMENT}, before the call waits for its turn; {@link #check} tells in advance.
 */
public final class LuminaPipeline implements Generator, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LuminaPipeline.class.getName());
  private static final Cleaner CLEANER = Cleaner.create();

  /** As much as the engine's thread has: the tokenizer's library is native, too. */
  private static final long STACK_BYTES = 8L << 20;

  /** Characters of a text that are read without looking at a part of it first. */
  private static final int LONG_TEXT = 50_000;

  private final Resources resources;
  private final Cleaner.Cleanable cleanable;
  private final ModelInfo info;
  private final GenerationDefaults defaults;
  private final Optional<Path> imageTokenizer;
  private final boolean interruptible;

  private volatile CodePatches
      patches; // null until a preview needs them; set on the engine's thread

  /** The text side of a model; {@code grid}: as in {@link SpecialTokens}. */
  private record Words(LuminaTokenizer tokenizer, PromptBuilder prompts, int[] grid) {
    Words(LuminaTokenizer tokenizer, SpecialTokens special) {
      this(tokenizer, new PromptBuilder(tokenizer, special), special.grid());
    }

    boolean canSay(int side) {
      int cells = side / ImageSize.GRID_UNIT;
      return cells < grid.length && grid[cells] >= 0;
    }

    int longestSide() {
      return (grid.length - 1) * ImageSize.GRID_UNIT;
    }
  }

  /** What must be freed; has no way back to the pipeline, so that a leak can be noticed. */
  private record Resources(EngineThread thread, EngineHandle engine, Optional<Words> words)
      implements Runnable {
    @Override
    public void run() {
      if (!thread.isClosed()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a LuminaPipeline was not closed; its memory is freed only now");
        thread.shutdown();
      }
      words.ifPresent(loaded -> loaded.tokenizer().close());
    }
  }

  private LuminaPipeline(
      Resources resources,
      ModelInfo info,
      Optional<Path> imageTokenizer,
      GenerationDefaults defaults,
      boolean interruptible) {
    this.resources = resources;
    this.info = info;
    this.imageTokenizer = imageTokenizer;
    this.defaults = defaults;
    this.interruptible = interruptible;
    this.cleanable = CLEANER.register(this, resources);
  }

  /**
   * Loads a model. The tokenizer is read on a second thread beside the weights.
   *
   * @throws CheckpointException if a file is missing, damaged or of another model
   * @throws OutOfMemoryException if it cannot fit, before anything large is loaded
   * @throws DeviceException if the native library or the device cannot be used, or the system does
   *     not allow the threads that were asked for
   * @throws GenerationCancelledException if this thread is interrupted meanwhile
   */
  public static LuminaPipeline open(PipelineOptions options) {
    Objects.requireNonNull(options, "options");
    Optional<CheckpointFolder> model = options.model().map(CheckpointFolder::new);
    Optional<Path> imageTokenizer =
        options.imageTokenizer().or(() -> model.flatMap(CheckpointFolder::imageTokenizer));
    GenerationDefaults defaults =
        model.map(CheckpointFolder::generationDefaults).orElse(GenerationDefaults.NONE);
    Optional<TokenizerFile> file = model.map(folder -> TokenizerFile.read(folder.path()));
    Optional<SpecialTokens> special =
        file.map(read -> SpecialTokens.of(read, model.orElseThrow().imageTokenOffset()));
    Optional<CompletableFuture<LuminaTokenizer>> loading =
        file.map(
            read ->
                CompletableFuture.supplyAsync(
                    () -> LuminaTokenizer.open(read), LuminaPipeline::onThread));
    EngineThread thread = null;
    try {
      thread = EngineThread.start();
      EngineHandle engine =
          thread.call(
              call -> EngineHandle.open(options, imageTokenizer, special),
              null,
              options.interruptible());
      thread.onClose(engine::close);
      return new LuminaPipeline(
          new Resources(
              thread,
              engine,
              loading.map(future -> new Words(future.join(), special.orElseThrow()))),
          ModelInfo.parse(
              thread.call(call -> engine.info(), null, options.interruptible()), defaults),
          imageTokenizer,
          defaults,
          options.interruptible());
    } catch (RuntimeException | Error failure) {
      if (thread != null) {
        thread.close();
      }
      loading.ifPresent(future -> future.thenAccept(LuminaTokenizer::close));
      if (failure instanceof CompletionException
          && failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private static void onThread(Runnable loading) {
    Thread thread = new Thread(null, loading, "lumina-tokenizer", STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
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
   * @param request what picture
   * @param listener hears about progress on this thread, and sees the rows that are drawn if it is
   *     a {@link PreviewListener}; may be null
   * @param cancellation stops the request from any thread; may be null
   * @throws GenerationCancelledException if stopped
   * @throws IncompleteImageException if the model ended the picture early and {@link
   *     GenerationRequest#allowPartial} is off
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} as {@link #check} does
   * @throws IllegalStateException if the pipeline is closed, has no model, or is called from its
   *     own listener
   */
  @Override
  public GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
    GenerationRequest asked = Objects.requireNonNull(request, "request").resolve(defaults);
    return together(asked, jobFor(asked), 1, listener, cancellation).get(0);
  }

  /**
   * Whether this model can draw what is asked: the same check that every call makes before it waits
   * for its turn. Draws nothing, waits for nobody, and may be called from any thread.
   *
   * @param request what picture; what it leaves open is as for {@link #generate}
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the prompt contains control
   *     tokens or is longer than the sequences that the model was made for, if its tokenizer has no
   *     token for the size, or if there is no image tokenizer
   * @throws IllegalStateException if the pipeline is closed or has no model
   */
  @Override
  public void check(GenerationRequest request) {
    GenerationRequest asked = Objects.requireNonNull(request, "request").resolve(defaults);
    prompt(asked);
    checkDrawable(asked.size());
  }

  /**
   * As {@link Generator#generateAll}: as many pictures side by side, in the same passes of the
   * model, as {@link DecodingOptions#together} says and memory has room for.
   */
  @Override
  public void generateAll(
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(results, "results");
    RequestRules.checkCount(count);
    if (listener instanceof PreviewListener) {
      Generator.oneByOne(this, request, count, listener, cancellation, results);
      return;
    }
    GenerationRequest asked = request.resolve(defaults);
    EngineHandle.Job job = jobFor(asked);
    for (int made = 0; made < count; ) {
      GenerationRequest next = asked.withSeed(asked.sampling().seed() + made);
      List<GenerationResult> drawn =
          together(next, job.withSampling(next.sampling()), count - made, listener, cancellation);
      drawn.forEach(results);
      made += drawn.size();
    }
  }

  /** The first of {@code count} pictures, as many as are best drawn side by side. */
  private List<GenerationResult> together(
      GenerationRequest request,
      EngineHandle.Job job,
      int count,
      ProgressListener listener,
      CancellationToken cancellation) {
    EngineHandle engine = resources.engine();
    List<EngineHandle.Output> outputs =
        call(
            cancellation,
            call ->
                engine.generate(
                    job,
                    count == 1 ? 1 : engine.together(job, count),
                    listener,
                    rows(listener),
                    call));
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
   * @param request what was asked; what it leaves open is as for {@link #generate}
   * @param codes the picture, both panels included; of a partial one the rows that exist
   * @param cancellation stops it from any thread; may be null
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the codes cannot be of a
   *     picture of the request's size, or none of them was drawn
   * @throws GenerationCancelledException if stopped
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} as {@link #check} does
   * @throws IllegalStateException if the pipeline is closed, has no model, or is called from its
   *     own listener
   */
  public double logLikelihood(
      GenerationRequest request, ImageCodes codes, CancellationToken cancellation) {
    GenerationRequest asked = Objects.requireNonNull(request, "request").resolve(defaults);
    Objects.requireNonNull(codes, "codes");
    refuseOwnListener();
    boolean given = asked.image().isPresent();
    // Without a given half, reference sampling draws the size as well.
    boolean drawnSize = asked.sampling().mode() == SamplingOptions.Mode.REFERENCE && !given;
    ImageSize size = drawnSize ? sizeOf(codes) : asked.size();
    int givenRows = given ? size.height() / ImageCodes.PIXELS / asked.task().panels() : 0;
    EngineHandle.Job job = job(asked, prompt(asked), size, Optional.empty());
    return call(
        cancellation, call -> resources.engine().logLikelihood(job, codes, givenRows, call));
  }

  /** Of the picture that codes are of, all rows or only the first ones. */
  private static ImageSize sizeOf(ImageCodes codes) {
    int unit = ImageSize.GRID_UNIT;
    int height = (codes.rows() * ImageCodes.PIXELS + unit - 1) / unit * unit;
    return new ImageSize(codes.columns() * ImageCodes.PIXELS, height);
  }

  /** What the engine is asked, checked, with the given picture cropped. */
  private EngineHandle.Job jobFor(GenerationRequest request) {
    refuseOwnListener();
    EncodedPrompt prompt = prompt(request);
    ImageSize size = request.size();
    checkDrawable(size);
    Optional<RgbImage> given =
        request
            .image()
            .map(
                picture ->
                    CenterCrop.centerCrop(
                        picture, size.width(), size.height() / request.task().panels()));
    return job(request, prompt, size, given);
  }

  private static EngineHandle.Job job(
      GenerationRequest request, EncodedPrompt prompt, ImageSize size, Optional<RgbImage> given) {
    return new EngineHandle.Job(
        prompt.ids(),
        size.width(),
        size.height(),
        given,
        request.sampling(),
        request.decoding(),
        request.allowPartial());
  }

  /** The request's words as the model reads them. */
  private EncodedPrompt prompt(GenerationRequest request) {
    refuseClosed();
    int limit = info.transformer() == null ? 0 : info.transformer().maxPositions();
    refuseEndless(request.prompt(), limit);
    refuseEndless(request.description(), limit);
    EncodedPrompt prompt;
    try {
      prompt =
          words()
              .prompts()
              .build(
                  request
                      .task()
                      .fill(
                          request.size().width(),
                          request.size().height(),
                          request.prompt(),
                          request.description()));
    } catch (IllegalArgumentException e) { // control tokens, which only the tokenizer knows
      throw new LuminaException(ErrorCode.INVALID_ARGUMENT, e.getMessage(), e);
    }
    if (prompt.ids().length >= limit) {
      throw refused(
          "the prompt has %,d tokens; this model reads sequences of %,d, the picture included",
          prompt.ids().length, limit);
    }
    return prompt;
  }

  /**
   * Looks at the beginning of a very long text first: reading all of it could take minutes, as much
   * as the square of its length where there is no space.
   */
  private void refuseEndless(String text, int limit) {
    for (int end = LONG_TEXT; end < text.length(); end *= 4) {
      int whole = Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
      int tokens = words().tokenizer().encode(text.substring(0, whole)).length;
      if (tokens > limit) {
        throw refused(
            "the prompt has more than %,d tokens; this model reads sequences of %,d, the picture"
                + " included",
            tokens, limit);
      }
      if (end > Integer.MAX_VALUE / 4) {
        return;
      }
    }
  }

  private void checkDrawable(ImageSize size) {
    Words words = words();
    for (int side : new int[] {size.width(), size.height()}) {
      if (!words.canSay(side)) {
        throw refused(
            "size %s: this model has no token for a side of %d pixels; its longest side is %d",
            size, side, words.longestSide());
      }
    }
    if (imageTokenizer.isEmpty()) {
      throw refused("no image tokenizer is loaded, so that no picture can be made");
    }
  }

  private static LuminaException refused(String format, Object... values) {
    return new LuminaException(
        ErrorCode.INVALID_ARGUMENT, String.format(Locale.ROOT, format, values));
  }

  private Words words() {
    return resources
        .words()
        .orElseThrow(() -> new IllegalStateException("this pipeline was opened without a model"));
  }

  // A window that was left to the device decides the picture as much as a seed does, and how many
  // were drawn together decides roundings.
  private static GenerationRequest decided(GenerationRequest request, GenerationStats stats) {
    DecodingOptions decoding = request.decoding().withTogether(stats.together());
    return request.withDecoding(
        decoding.speculative() ? decoding.withWindow(stats.window()) : decoding);
  }

  private <T> T call(CancellationToken cancellation, EngineCall.Body<T> body) {
    return resources.thread().call(body, cancellation, interruptible);
  }

  /** What {@code listener} wants to know of the codes; null if nothing. */
  private EngineHandle.RowsListener rows(ProgressListener listener) {
    if (!(listener instanceof PreviewListener previews)) {
      return null;
    }
    PreviewPainter painter =
        new PreviewPainter(
            this::project,
            this::decodeForPreview,
            resources.thread()::isListening,
            System::nanoTime);
    return (codes, rowsTotal) ->
        previews.onPreview(new Preview(codes, rowsTotal, painter::paint, this::decodeForPreview));
  }

  private RgbImage project(ImageCodes codes) {
    if (patches == null) {
      forPreview(
          call -> {
            if (patches == null) {
              patches =
                  CodePatches.of(
                      imageTokenizer.orElseThrow(),
                      CacheFolder.path(),
                      () -> resources.engine().codePatches(call));
            }
            return null;
          });
    }
    return patches.paint(codes);
  }

  private RgbImage decodeForPreview(ImageCodes codes) {
    return forPreview(call -> resources.engine().decode(codes, call));
  }

  /** A call that the listener may make as well, inside the one that it listens to. */
  private <T> T forPreview(EngineCall.Body<T> body) {
    return resources.thread().callFromListener(body, interruptible);
  }

  /**
   * Turns a picture into codes of the image tokenizer.
   *
   * @param picture width and height multiples of 8
   * @throws IllegalArgumentException if they are not
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if no image tokenizer is loaded
   * @throws GenerationCancelledException if this thread is interrupted
   */
  public ImageCodes encode(RgbImage picture) {
    Objects.requireNonNull(picture, "picture");
    requireWholeCodes(picture);
    return call(null, call -> resources.engine().encode(picture));
  }

  /**
   * Turns several pictures into codes together, which is faster than one by one where they are
   * small. Memory grows with their number.
   *
   * @param pictures at least one; all of one size, width and height multiples of 8
   * @throws IllegalArgumentException if they are not
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if no image tokenizer is loaded
   * @throws GenerationCancelledException if this thread is interrupted
   */
  public List<ImageCodes> encode(List<RgbImage> pictures) {
    Objects.requireNonNull(pictures, "pictures");
    for (RgbImage picture : pictures) {
      Objects.requireNonNull(picture, "a picture of pictures");
    }
    List<RgbImage> all = List.copyOf(pictures);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no picture to encode");
    }
    RgbImage first = all.get(0);
    if (!all.stream().allMatch(p -> p.width() == first.width() && p.height() == first.height())) {
      throw new IllegalArgumentException("pictures that are encoded together must be of one size");
    }
    requireWholeCodes(first);
    return call(null, call -> resources.engine().encode(all));
  }

  private static void requireWholeCodes(RgbImage picture) {
    if (picture.width() % ImageCodes.PIXELS != 0 || picture.height() % ImageCodes.PIXELS != 0) {
      throw new IllegalArgumentException(
          "picture size "
              + (picture.width() + "x" + picture.height())
              + ": width and height must be multiples of "
              + ImageCodes.PIXELS);
    }
  }

  /**
   * Turns codes into a picture of eight times their size.
   *
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if no image tokenizer is loaded
   *     or it has fewer codes
   * @throws GenerationCancelledException if this thread is interrupted
   */
  public RgbImage decode(ImageCodes codes) {
    Objects.requireNonNull(codes, "codes");
    return call(null, call -> resources.engine().decode(codes, call));
  }

  /**
   * What is loaded; does not wait for a running call.
   *
   * @throws IllegalStateException if the pipeline is closed
   */
  public ModelInfo modelInfo() {
    refuseClosed();
    return info;
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return resources.thread().isClosed();
  }

  private void refuseClosed() {
    if (isClosed()) {
      throw new IllegalStateException("the pipeline is closed");
    }
  }

  private void refuseOwnListener() {
    resources.thread().refuseOwnListener();
  }

  /** Cancels the running call, waits for it and frees everything; again has no effect. */
  @Override
  public void close() {
    resources.thread().close();
    cleanable.clean();
  }
}

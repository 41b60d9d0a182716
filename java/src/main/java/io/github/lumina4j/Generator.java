package io.github.lumina4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes pictures: a {@link LuminaPipeline}, or what stands around or in the place of one.
 *
 * <p>Both ways of drawing are abstract on purpose: a lambda or a method reference cannot stand in
 * for a generator, for it would lose the way that draws several pictures side by side.
 */
public interface Generator {
  /** As {@link LuminaPipeline#generate(GenerationRequest, ProgressListener, CancellationToken)}. */
  GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation);

  /**
   * Tells whether {@link #generate} would refuse a request, without drawing it.
   *
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the model cannot draw it
   */
  void check(GenerationRequest request);

  /**
   * Makes {@code count} pictures, with the seed of the request and those that follow it: several
   * side by side if this generator can, else as {@link #oneByOne}.
   *
   * @param count at least 1
   * @param listener hears about the progress of each picture, or of those that are drawn together;
   *     a {@link PreviewListener} watches one picture at a time. May be null
   * @param cancellation stops it from any thread; may be null
   * @param results gets each picture when it is made, in the order of the seeds, on this thread; it
   *     may call this generator
   * @throws IncompleteImageException if the model ended the picture early that comes next
   */
  void generateAll(
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results);

  /** Makes {@code count} pictures, with the seed of the request and those that follow it. */
  default List<GenerationResult> generateAll(GenerationRequest request, int count) {
    List<GenerationResult> results = new ArrayList<>();
    generateAll(request, count, null, null, results::add);
    return results;
  }

  /**
   * {@link #generateAll(GenerationRequest, int, ProgressListener, CancellationToken, Consumer)} of
   * a generator that draws one picture after the other: calls {@link #generate} for each.
   */
  static void oneByOne(
      Generator generator,
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results) {
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(results, "results");
    RequestRules.checkCount(count);
    for (int i = 0; i < count; i++) {
      long seed = request.sampling().seed() + i;
      results.accept(generator.generate(request.withSeed(seed), listener, cancellation));
    }
  }
}

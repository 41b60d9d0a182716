package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.demo.SplitMix;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How pictures are drawn for a benchmark that judges them elsewhere.
 *
 * @param bestOf how each sample is chosen
 * @param rewrite who puts a prompt in other words before it is drawn
 */
record BenchmarkDrawing(
    PipelineOptions model,
    SamplingOptions sampling,
    DecodingOptions decoding,
    Optional<ImageSize> size,
    BestOf bestOf,
    Optional<Rewrite> rewrite) {

  /** What is drawn: the prompt, or what the language model makes of it. */
  String words(String prompt, CancellationToken cancellation) {
    return rewrite.map(who -> who.rewriter().rewrite(prompt, cancellation)).orElse(prompt);
  }

  /**
   * The request for the first sample of a prompt.
   *
   * @param index of the prompt, which has seeds of its own, whatever was drawn before
   * @throws IllegalArgumentException if no picture can be drawn for it
   */
  GenerationRequest request(String words, int index) {
    long first = new SplitMix(sampling.seed(), index).nextLong() >>> 1;
    GenerationRequest.Builder builder =
        GenerationRequest.builder(words).sampling(sampling.withSeed(first)).decoding(decoding);
    size.ifPresent(builder::size);
    return builder.build();
  }

  /**
   * Draws samples that follow one another: side by side, or if each is chosen, its candidates.
   *
   * @param request for the first sample of the prompt
   * @param from the number of the first to draw, from 0
   * @param samples gets them in their order
   * @param unchosen takes the candidates of a sample that were drawn before its verifier failed
   */
  void draw(
      Backend.Session session,
      GenerationRequest request,
      int from,
      int count,
      CancellationToken cancellation,
      Consumer<RgbImage> samples,
      Consumer<GenerationResult> unchosen) {
    long seed = request.sampling().seed() + (long) from * bestOf.count();
    if (bestOf.count() == 1) {
      session.generateAll(
          request.withSeed(seed),
          count,
          null,
          cancellation,
          result -> samples.accept(result.image()));
      return;
    }
    for (int i = 0; i < count; i++) {
      GenerationRequest sample = request.withSeed(seed + (long) i * bestOf.count());
      samples.accept(
          bestOf.draw(session, session, sample, cancellation, unchosen).result().image());
    }
  }
}

package io.github.lumina4j.springai;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Draws the upper half black and the lower in the colour of the seed, and remembers. */
final class FakeGenerator implements Generator {
  final List<GenerationRequest> requests = new ArrayList<>();

  /** The numbers of pictures that were asked for at once. */
  final List<Integer> groups = new ArrayList<>();

  /** Thrown instead of drawing, if not null. */
  RuntimeException failure;

  @Override
  public GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
    requests.add(request);
    if (failure != null) {
      throw failure;
    }
    byte[] pixels = new byte[request.size().width() * request.size().height() * 3];
    Arrays.fill(pixels, pixels.length / 2, pixels.length, (byte) request.sampling().seed());
    return new GenerationResult(
        request,
        new RgbImage(request.size().width(), request.size().height(), pixels),
        new ImageCodes(1, 1, new int[1]),
        true,
        new GenerationStats(12, 34, 34, 1, 1, List.of(0L, 34L), 0, 0, 0, 0, 0, 0, 0, 1, 1));
  }

  @Override
  public void check(GenerationRequest request) {}

  @Override
  public void generateAll(
      GenerationRequest request,
      int count,
      ProgressListener listener,
      CancellationToken cancellation,
      Consumer<GenerationResult> results) {
    groups.add(count);
    Generator.oneByOne(this, request, count, listener, cancellation, results);
  }
}

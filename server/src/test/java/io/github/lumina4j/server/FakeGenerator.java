package io.github.lumina4j.server;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.Preview;
import io.github.lumina4j.PreviewListener;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Draws in the one colour that the seed names, row by row, and does as a test says. */
final class FakeGenerator implements Generator {
  /** What was asked, in the order of drawing. */
  final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();

  /** Gets a permit when a picture begins, and when one is cancelled. */
  final Semaphore begun = new Semaphore(0);

  final Semaphore cancelled = new Semaphore(0);

  /** While true, no picture gets beyond {@link #heldRow}; steps go on. */
  volatile boolean held;

  /** Where pictures are held, from 1. */
  volatile int heldRow = 1;

  /** Thrown instead of drawing, until it is null. */
  volatile Throwable failure;

  /** Thrown by {@link #check}, until it is null. */
  volatile RuntimeException refusal;

  /** The numbers of pictures that were asked for at once. */
  final List<Integer> groups = new CopyOnWriteArrayList<>();

  List<String> prompts() {
    return requests.stream().map(GenerationRequest::prompt).toList();
  }

  @Override
  public void check(GenerationRequest request) {
    if (refusal != null) {
      throw refusal;
    }
  }

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

  @Override
  public GenerationResult generate(
      GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
    requests.add(request);
    begun.release();
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    int rows = request.size().height() / 8;
    int columns = request.size().width() / 8;
    int given = request.image().isPresent() ? rows / 2 : 0;
    long tokens = (long) rows * (columns + 1);
    listener.onProgress(new Progress(Progress.Phase.PREFILL, 0, rows, 0, tokens, 0));
    for (int row = 1; row <= rows; row++) {
      do {
        listener.onProgress(
            new Progress(
                Progress.Phase.DECODE, row, rows, row * (columns + 1L), tokens, row * 0.001));
        if (row > given && listener instanceof PreviewListener previews) {
          previews.onPreview(preview(request, row));
        }
        if (cancellation.isCancelled()) {
          cancelled.release();
          throw new GenerationCancelledException("cancelled in row " + row);
        }
        rest();
      } while (held && row >= heldRow);
    }
    GenerationStats stats =
        new GenerationStats(
            500, tokens, tokens, 1, 1, List.of(0L, tokens), 0, 0, 0, 1, 1, 0, 0, 2.5, 1 << 20);
    return new GenerationResult(
        request,
        paint(request),
        new ImageCodes(rows, columns, new int[rows * columns]),
        true,
        stats);
  }

  private static Preview preview(GenerationRequest request, int rows) {
    int columns = request.size().width() / 8;
    return new Preview(
        new ImageCodes(rows, columns, new int[rows * columns]),
        request.size().height() / 8,
        codes -> rough(codes.columns() * 8, codes.rows() * 8),
        codes -> paint(request).crop(0, 0, codes.columns() * 8, codes.rows() * 8));
  }

  /** What previews show: one grey. */
  static RgbImage rough(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    Arrays.fill(pixels, (byte) 99);
    return new RgbImage(width, height, pixels);
  }

  /** Upper half black, lower half in the colour of the seed. */
  static RgbImage paint(GenerationRequest request) {
    int width = request.size().width();
    int height = request.size().height();
    byte[] pixels = new byte[width * height * 3];
    Arrays.fill(pixels, pixels.length / 2, pixels.length, (byte) request.sampling().seed());
    return new RgbImage(width, height, pixels);
  }

  private void rest() {
    if (held) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

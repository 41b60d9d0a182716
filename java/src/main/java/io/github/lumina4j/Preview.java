package io.github.lumina4j;

import io.github.lumina4j.image.Panels;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A picture in the making: the rows of codes that exist, and two ways to look at them. Both give
 * the whole picture, all panels, at its final size, with a checkerboard where no row exists yet;
 * {@link Task#answer} picks the panel that counts.
 *
 * <p>A preview never changes, may be kept beyond its request, and may be used from any thread. A
 * thread other than the listener's may have to wait until the request has ended.
 */
public final class Preview {

  private final ImageCodes codes;
  private final int rowsTotal;
  private final Function<ImageCodes, RgbImage> painter;
  private final Function<ImageCodes, RgbImage> decoder;
  private final AtomicReference<RgbImage> painted = new AtomicReference<>();

  /**
   * A preview; a pipeline makes its own, this is for those that stand in for one.
   *
   * @param codes the rows that exist
   * @param rowsTotal rows of codes of the whole picture
   * @param painter codes to a quick picture of eight times their size; {@link #image} calls it once
   * @param decoder codes to their picture
   * @throws IllegalArgumentException if more rows exist than the picture has
   */
  public Preview(
      ImageCodes codes,
      int rowsTotal,
      Function<ImageCodes, RgbImage> painter,
      Function<ImageCodes, RgbImage> decoder) {
    this.codes = Objects.requireNonNull(codes, "codes");
    this.rowsTotal = rowsTotal;
    this.painter = Objects.requireNonNull(painter, "painter");
    this.decoder = Objects.requireNonNull(decoder, "decoder");
    if (codes.rows() > rowsTotal) {
      throw new IllegalArgumentException(codes.rows() + " rows of a picture that has " + rowsTotal);
    }
  }

  /** Rows of codes, 8 pixels each, that exist; those of a given picture included. */
  public int rowsDone() {
    return codes.rows();
  }

  /** Rows of codes of the whole picture. */
  public int rowsTotal() {
    return rowsTotal;
  }

  /** The codes that exist: {@link #rowsDone} whole rows. */
  public ImageCodes codes() {
    return codes;
  }

  /**
   * The picture as far as it can be seen without holding the drawing up: decoded, as long as
   * decoding previews takes no more than a fifth of the time since the request began; the rows that
   * have come since the last decoding as a projection of their codes, each a patch of 8x8 pixels of
   * its own, without detail and duller than they will be. On a thread other than the listener's
   * nothing is decoded for it.
   *
   * <p>The patches of the projection are fitted once per image tokenizer, with its own decoder, and
   * kept in the user's cache; the first preview that needs them may therefore take as long as a
   * picture of 256x256 takes to decode.
   *
   * @throws GenerationCancelledException if the request is cancelled meanwhile
   * @throws IllegalStateException if the pipeline was closed before it had the patches
   */
  public RgbImage image() {
    RgbImage known = painted.get();
    if (known == null) {
      painted.compareAndSet(null, whole(painter.apply(codes)));
      known = painted.get();
    }
    return known;
  }

  /**
   * The picture as the image tokenizer decodes these rows: what they will look like, nearly, and as
   * slow as that is. The memory is that of a picture of this size.
   *
   * @throws GenerationCancelledException if the request is cancelled meanwhile
   * @throws IllegalStateException if the pipeline is closed
   */
  public RgbImage decoded() {
    return whole(decoder.apply(codes));
  }

  private RgbImage whole(RgbImage rows) {
    return Panels.unfinished(rows, rowsTotal * ImageCodes.PIXELS);
  }

  @Override
  public String toString() {
    return "Preview[" + codes.rows() + " of " + rowsTotal + " rows]";
  }
}

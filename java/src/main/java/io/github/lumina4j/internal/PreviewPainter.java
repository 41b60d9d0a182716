package io.github.lumina4j.internal;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a picture in the making looks like: decoded as far as there is time for that, with a quick
 * projection of its codes below. Decoding may take a fifth of the time since the request began, so
 * that a picture with previews takes at most a quarter longer.
 *
 * <p>Decodes on the thread of the request's listener only: on any other the engine may be busy
 * until the request ends, and nobody who looks is to wait that long.
 */
public final class PreviewPainter {
  private static final double SHARE = 0.2;

  private final Function<ImageCodes, RgbImage> projection;
  private final Function<ImageCodes, RgbImage> decoder;
  private final BooleanSupplier mayDecode;
  private final LongSupplier clock;
  private final long begin;

  private volatile RgbImage decoded; // the rows that were decoded last; null before
  // The rest is the listener's thread's.
  private boolean fits = true; // into memory, beside what the request needs
  private double spent; // nanoseconds
  private double perCode; // nanoseconds of the last decoding; 0 before

  /**
   * A painter of one picture, whose time begins now.
   *
   * @param projection codes to a rough picture of 8x8 pixels each, at once
   * @param decoder codes to their picture, in its own time
   * @param mayDecode whether this thread may call {@code decoder} without waiting for the request
   * @param clock nanoseconds
   */
  public PreviewPainter(
      Function<ImageCodes, RgbImage> projection,
      Function<ImageCodes, RgbImage> decoder,
      BooleanSupplier mayDecode,
      LongSupplier clock) {
    this.projection = projection;
    this.decoder = decoder;
    this.mayDecode = mayDecode;
    this.clock = clock;
    begin = clock.getAsLong();
  }

  /** The picture of {@code codes}, the first rows of the whole: 8x8 pixels for each. */
  public RgbImage paint(ImageCodes codes) {
    if (mayDecode.getAsBoolean() && fits && affordable(codes)) {
      try {
        return decode(codes);
      } catch (LuminaException e) {
        if (e.code() != ErrorCode.OUT_OF_MEMORY) {
          throw e;
        }
        fits = false;
      }
    }
    RgbImage above = decoded;
    int height = codes.rows() * ImageCodes.PIXELS;
    if (above == null) {
      return projection.apply(codes);
    }
    return above.height() >= height
        ? above.crop(0, 0, above.width(), height)
        : over(above, projection.apply(codes));
  }

  /** The first decoding tells what one costs. */
  private boolean affordable(ImageCodes codes) {
    double cost = perCode * codes.values().length;
    return perCode == 0 || spent + cost <= SHARE * (clock.getAsLong() - begin);
  }

  private RgbImage decode(ImageCodes codes) {
    long start = clock.getAsLong();
    RgbImage image = decoder.apply(codes);
    double cost = clock.getAsLong() - start;
    spent += cost;
    perCode = cost / codes.values().length;
    decoded = image;
    return image;
  }

  private static RgbImage over(RgbImage above, RgbImage whole) {
    byte[] pixels = whole.pixels();
    above.copyRows(0, above.height(), pixels, 0);
    return new RgbImage(whole.width(), whole.height(), pixels);
  }
}

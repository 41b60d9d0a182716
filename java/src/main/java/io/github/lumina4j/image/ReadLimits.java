package io.github.lumina4j.image;

/**
 * What a picture file may ask for before it is refused. The size in pixels is taken from the file's
 * header, before anything is decoded.
 *
 * @param maxPixels width times height, 1 to 500,000,000
 * @param maxBytes size of the file, 1 to 2,000,000,000
 */
public record ReadLimits(long maxPixels, long maxBytes) {
  /** 64 megapixels and 256 MiB. */
  public static final ReadLimits DEFAULT = new ReadLimits(64_000_000, 256L << 20);

  // Decoders index bytes of a picture, up to four to a pixel, with an int.
  private static final long MOST_PIXELS = 500_000_000;
  private static final long MOST_BYTES = 2_000_000_000;

  /**
   * @throws IllegalArgumentException if a limit is out of its range
   */
  public ReadLimits {
    if (maxPixels < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException("maxPixels " + maxPixels + " is not 1 to " + MOST_PIXELS);
    }
    if (maxBytes < 1 || maxBytes > MOST_BYTES) {
      throw new IllegalArgumentException("maxBytes " + maxBytes + " is not 1 to " + MOST_BYTES);
    }
  }
}

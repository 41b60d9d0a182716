package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;

/** Peak signal-to-noise ratio, the usual measure of how near a reconstruction is. */
public final class Psnr {
  private static final double PEAK = 255;

  private Psnr() {}

  /**
   * Decibels over all bytes of both pictures: {@code 10 log10(255^2 / mean squared difference)};
   * positive infinity when they are equal.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double between(RgbImage a, RgbImage b) {
    if (a.width() != b.width() || a.height() != b.height()) {
      throw new IllegalArgumentException(
          "cannot compare pictures of "
              + (a.width() + "x" + a.height() + " and " + b.width() + "x" + b.height())
              + " pixels");
    }
    byte[] left = new byte[a.width() * RgbImage.CHANNELS];
    byte[] right = new byte[left.length];
    long sum = 0;
    for (int y = 0; y < a.height(); y++) {
      a.copyRows(y, 1, left, 0);
      b.copyRows(y, 1, right, 0);
      for (int i = 0; i < left.length; i++) {
        int difference = (left[i] & 0xff) - (right[i] & 0xff);
        sum += (long) difference * difference;
      }
    }
    double mean = (double) sum / ((double) left.length * a.height());
    return sum == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(PEAK * PEAK / mean);
  }
}

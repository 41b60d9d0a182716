package io.github.lumina4j.image;

/**
 * Conversions of colours to 8-bit RGB, with the arithmetic of Pillow and libjpeg. Colour profiles
 * are not applied, as in the reference.
 */
final class Colors {
  private static final int JPEG_BITS = 16;
  private static final int JPEG_HALF = 1 << (JPEG_BITS - 1);

  private Colors() {}

  /** {@code value} times {@code alpha} of 255, rounded as Pillow does. */
  static int multiply(int value, int alpha) {
    int product = value * alpha + 128;
    return (product >> 8) + product >> 8;
  }

  /** The plain value behind one that was multiplied by {@code alpha}. */
  static int unmultiply(int value, int alpha) {
    return alpha == 0 || alpha == 255 ? value : Math.min(255, 255 * value / alpha);
  }

  /** One channel of RGB from ink and black, both 0 (none) to 255 (full). */
  static int fromInk(int ink, int black) {
    int rest = 255 - black;
    return Math.max(0, rest - multiply(ink, rest));
  }

  static int red(int y, int cr) {
    return clip(y + (fixed(1.40200) * (cr - 128) + JPEG_HALF >> JPEG_BITS));
  }

  static int green(int y, int cb, int cr) {
    int sum = -fixed(0.34414) * (cb - 128) - fixed(0.71414) * (cr - 128) + JPEG_HALF;
    return clip(y + (sum >> JPEG_BITS));
  }

  static int blue(int y, int cb) {
    return clip(y + (fixed(1.77200) * (cb - 128) + JPEG_HALF >> JPEG_BITS));
  }

  /** A sample of {@code bits} bits as 8 bits: wider ones lose their low bits. */
  static int toByte(int sample, int bits) {
    if (bits == 8) {
      return sample;
    }
    return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << JPEG_BITS) + 0.5);
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}

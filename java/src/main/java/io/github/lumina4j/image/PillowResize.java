package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.util.Arrays;
import java.util.Objects;

/**
 * Resampling that gives the bytes of Pillow's {@code Image.resize}: antialiased, fixed point,
 * horizontal pass first, each pass rounded to bytes (docs/spec/model.md 5.4). So do Pillow 10 to
 * 12; from 13 on, some pictures are resampled vertically first.
 *
 * <p>Transparent pictures are multiplied by their coverage before, divided by it after that, and
 * stay transparent.
 */
public final class PillowResize {
  /** A resampling kernel. */
  public enum Filter {
    /** Mean over the source area. */
    BOX(0.5) {
      @Override
      double weight(double x) {
        return x > -0.5 && x <= 0.5 ? 1 : 0;
      }
    },
    /** Cubic convolution with a = -0.5. */
    BICUBIC(2) {
      @Override
      double weight(double x) {
        double d = Math.abs(x);
        if (d < 1) {
          return ((CUBIC_A + 2) * d - (CUBIC_A + 3)) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * CUBIC_A : 0;
      }
    };

    private static final double CUBIC_A = -0.5;

    private final double radius;

    Filter(double radius) {
      this.radius = radius;
    }

    /** Kernel value at {@code x}, in output pixels when shrinking, input pixels when enlarging. */
    abstract double weight(double x);
  }

  /** Fraction bits of the integer weights. */
  private static final int PRECISION_BITS = 22;

  private static final int ROUNDING = 1 << (PRECISION_BITS - 1);

  private PillowResize() {}

  /**
   * The picture resampled to {@code width} x {@code height}.
   *
   * @throws IllegalArgumentException if a side is below 1 or the result exceeds 2 GiB
   */
  public static RgbImage resize(RgbImage image, int width, int height, Filter filter) {
    return resizeRegion(image, width, height, new Region(0, 0, width, height), filter);
  }

  /** Columns and rows of a resampled picture. */
  record Region(long left, long top, int width, int height) {}

  /**
   * What {@link #resize} to {@code width} x {@code height} and a crop to {@code region} give,
   * without computing anything outside: the full result need not fit into memory.
   */
  static RgbImage resizeRegion(
      RgbImage image, long width, long height, Region region, Filter filter) {
    Objects.requireNonNull(filter, "filter");
    if (width < 1 || height < 1 || region.width < 1 || region.height < 1) {
      throw new IllegalArgumentException("cannot resize to " + width + "x" + height + " pixels");
    }
    Taps columns = Taps.of(image.width(), width, region.left, region.width, filter);
    Taps rows = Taps.of(image.height(), height, region.top, region.height, filter);
    if (columns.identity && rows.identity) { // Pillow returns a copy
      return image.crop(
          Math.toIntExact(region.left), Math.toIntExact(region.top), region.width, region.height);
    }
    int channels = image.transparent() ? RgbImage.RGBA_CHANNELS : RgbImage.CHANNELS;
    byte[] narrow = horizontal(image, channels, columns, rows.firstInput, rows.endInput);
    byte[] out = vertical(narrow, region.width * channels, rows);
    if (channels == RgbImage.CHANNELS) {
      return new RgbImage(region.width, region.height, out);
    }
    for (int i = 0; i < out.length; i += channels) {
      int alpha = out[i + RgbImage.CHANNELS] & 0xff;
      for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
        out[i + channel] = (byte) Colors.unmultiply(out[i + channel] & 0xff, alpha);
      }
    }
    return RgbImage.onWhite(region.width, region.height, out);
  }

  /** Row {@code y} of the picture as it is resampled: with coverage, multiplied by it. */
  private static void row(RgbImage image, int channels, int y, byte[] row) {
    if (channels == RgbImage.CHANNELS) {
      image.copyRows(y, 1, row, 0);
      return;
    }
    image.copyRgbaRows(y, 1, row, 0);
    for (int i = 0; i < row.length; i += channels) {
      int alpha = row[i + RgbImage.CHANNELS] & 0xff;
      for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
        row[i + channel] = (byte) Colors.multiply(row[i + channel] & 0xff, alpha);
      }
    }
  }

  /**
   * Input rows {@code first} to {@code end} with their columns resampled, [end - first, w,
   * channels].
   */
  private static byte[] horizontal(RgbImage image, int channels, Taps taps, int first, int end) {
    int rowBytes = byteCount(taps.count, 1, channels);
    byte[] out = new byte[byteCount(taps.count, end - first, channels)];
    byte[] row = new byte[byteCount(image.width(), 1, channels)];
    for (int y = first; y < end; y++) {
      row(image, channels, y, row);
      int at = (y - first) * rowBytes;
      if (taps.identity) {
        System.arraycopy(row, taps.firstInput * channels, out, at, rowBytes);
        continue;
      }
      for (int x = 0; x < taps.count; x++) {
        int red = ROUNDING;
        int green = ROUNDING;
        int blue = ROUNDING;
        int alpha = ROUNDING;
        int from = taps.start[x] * channels;
        for (int k = taps.offset[x]; k < taps.offset[x + 1]; k++) {
          int weight = taps.weights[k];
          red += (row[from] & 0xff) * weight;
          green += (row[from + 1] & 0xff) * weight;
          blue += (row[from + 2] & 0xff) * weight;
          if (channels == RgbImage.RGBA_CHANNELS) {
            alpha += (row[from + 3] & 0xff) * weight;
          }
          from += channels;
        }
        out[at++] = clip(red);
        out[at++] = clip(green);
        out[at++] = clip(blue);
        if (channels == RgbImage.RGBA_CHANNELS) {
          out[at++] = clip(alpha);
        }
      }
    }
    return out;
  }

  /** {@code narrow} [rows needed, row bytes] with its rows resampled, [taps.count, row bytes]. */
  private static byte[] vertical(byte[] narrow, int rowBytes, Taps taps) {
    if (taps.identity) {
      return narrow;
    }
    byte[] out = new byte[byteCount(rowBytes, taps.count, 1)];
    int[] sums = new int[rowBytes];
    for (int y = 0; y < taps.count; y++) {
      Arrays.fill(sums, ROUNDING);
      int from = (taps.start[y] - taps.firstInput) * rowBytes;
      for (int k = taps.offset[y]; k < taps.offset[y + 1]; k++) {
        int weight = taps.weights[k];
        for (int i = 0; i < rowBytes; i++) {
          sums[i] += (narrow[from + i] & 0xff) * weight;
        }
        from += rowBytes;
      }
      int at = y * rowBytes;
      for (int i = 0; i < rowBytes; i++) {
        out[at + i] = clip(sums[i]);
      }
    }
    return out;
  }

  private static byte clip(int sum) {
    int value = sum >> PRECISION_BITS;
    return (byte) Math.max(0, Math.min(255, value));
  }

  private static int byteCount(int width, int height, int channels) {
    long bytes = (long) width * height * channels;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a picture of " + width + "x" + height + " pixels exceeds 2 GiB");
    }
    return (int) bytes;
  }

  /**
   * Integer weights of one direction. Output i of the region sums inputs {@code start[i]}, ... with
   * {@code weights[offset[i]]} to {@code weights[offset[i + 1] - 1]}.
   */
  private static final class Taps {
    final int count;
    final int[] start;
    final int[] offset;
    int[] weights = new int[16];
    // Inputs used by any output: firstInput to endInput - 1.
    int firstInput;
    int endInput;
    // Same size in and out: Pillow skips the pass, the region is copied.
    boolean identity;

    private Taps(int count) {
      this.count = count;
      start = new int[count];
      offset = new int[count + 1];
    }

    static Taps of(int in, long out, long first, int count, Filter filter) {
      Taps taps = new Taps(count);
      if (in == out) {
        taps.identity = true;
        taps.firstInput = (int) first;
        taps.endInput = (int) first + count;
        return taps;
      }
      double scale = (double) in / out;
      double filterScale = Math.max(scale, 1);
      double support = filter.radius * filterScale;
      double inverse = 1 / filterScale;
      double[] values = new double[(int) Math.min(Math.ceil(support) * 2 + 1, in)];
      taps.firstInput = in;
      for (int i = 0; i < count; i++) {
        double centre = (first + i + 0.5) * scale;
        int low = Math.max((int) (centre - support + 0.5), 0);
        int high = Math.min((int) (centre + support + 0.5), in);
        double sum = 0;
        for (int k = low; k < high; k++) {
          values[k - low] = filter.weight((k - centre + 0.5) * inverse);
          sum += values[k - low];
        }
        taps.add(i, low, values, high - low, sum);
      }
      return taps;
    }

    private void add(int output, int low, double[] values, int length, double sum) {
      int at = offset[output];
      if (weights.length < at + length) {
        weights = Arrays.copyOf(weights, Math.max(2 * weights.length, at + length));
      }
      for (int k = 0; k < length; k++) {
        double weight = (sum != 0 ? values[k] / sum : values[k]) * (1 << PRECISION_BITS);
        weights[at + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
      start[output] = low;
      offset[output + 1] = at + length;
      firstInput = Math.min(firstInput, low);
      endInput = Math.max(endInput, low + length);
    }
  }
}

package io.github.lumina4j.cli;

import java.util.Locale;

/** Figures as people read them. */
final class Units {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] DECIMAL = {"", " thousand", " million", " billion", " trillion"};

  private Units() {}

  /** Bytes in powers of 1024: {@code 512 B}, {@code 3.2 GiB}. */
  static String bytes(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 1023.95 && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? (long) value + " B"
        : String.format(Locale.ROOT, "%.1f %s", value, BINARY[unit]);
  }

  /** A count in powers of 1000: {@code 950}, {@code 270.4 million}. */
  static String count(long count) {
    int unit = 0;
    double value = count;
    while (value >= 999.95 && unit < DECIMAL.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? Long.toString(count)
        : String.format(Locale.ROOT, "%.1f%s", value, DECIMAL[unit]);
  }

  /** A length of time: {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  static String duration(double seconds) {
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** A number with as many decimals as asked, always with a point. */
  static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}

package io.github.lumina4j.demo.book;

/**
 * A colour by hue, saturation and value.
 *
 * @param hue degrees, 0 to below 360; 0 of greys
 * @param saturation 0 to 1
 * @param value 0 to 1
 */
record Hsv(double hue, double saturation, double value) {
  private static final double SECTOR = 60;
  private static final double WHITE = 255;

  static Hsv of(int rgb) {
    double red = (rgb >> 16 & 0xff) / WHITE;
    double green = (rgb >> 8 & 0xff) / WHITE;
    double blue = (rgb & 0xff) / WHITE;
    double most = Math.max(red, Math.max(green, blue));
    double range = most - Math.min(red, Math.min(green, blue));
    if (range == 0) {
      return new Hsv(0, 0, most);
    }
    double sectors;
    if (most == red) {
      sectors = (green - blue) / range;
    } else if (most == green) {
      sectors = 2 + (blue - red) / range;
    } else {
      sectors = 4 + (red - green) / range;
    }
    return new Hsv((sectors + 6) % 6 * SECTOR, range / most, most);
  }

  int rgb() {
    return channel(5) << 16 | channel(3) << 8 | channel(1);
  }

  private int channel(int shift) {
    double k = (shift + hue / SECTOR) % 6;
    double level = value * (1 - saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k))));
    return (int) Math.round(level * WHITE);
  }
}

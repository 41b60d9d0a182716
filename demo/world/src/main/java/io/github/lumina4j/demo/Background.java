package io.github.lumina4j.demo;

import java.util.Locale;

/** What the objects stand on: a quiet gradient from top to bottom. */
public enum Background {
  WHITE(0xfbfbfa, 0xe9eaee),
  GREY(0xb4b7bd, 0x989ca4),
  SAND(0xefdfc0, 0xdcc396),
  MINT(0xd3f0e0, 0xaedcc6),
  NIGHT(0x1a2040, 0x2c3460);

  private final int top;
  private final int bottom;

  Background(int top, int bottom) {
    this.top = top;
    this.bottom = bottom;
  }

  /** The adjective, such as {@code mint}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * One channel of the colour of a row.
   *
   * @param y row of pixels, 0 to {@link Scene#PIXELS} - 1
   * @param channel 0 red, 1 green, 2 blue
   * @return 0 to 255, not rounded
   */
  public double level(int y, int channel) {
    int shift = 16 - 8 * channel;
    int from = top >> shift & 0xff;
    int to = bottom >> shift & 0xff;
    return from + (to - from) * (double) y / (Scene.PIXELS - 1);
  }
}

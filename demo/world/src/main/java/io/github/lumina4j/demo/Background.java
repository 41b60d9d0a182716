package io.github.lumina4j.demo;

import java.util.Locale;

/** The plain colour that the objects lie on. */
public enum Background {
  WHITE(0xf4f4f6),
  GREY(0xa6a9b0),
  SAND(0xe7d3ae),
  MINT(0xc1e6d3),
  NIGHT(0x232a52);

  private final int rgb;

  Background(int rgb) {
    this.rgb = rgb;
  }

  /** The adjective, such as {@code mint}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * One channel of the colour, 0 to 255.
   *
   * @param channel 0 red, 1 green, 2 blue
   */
  public int level(int channel) {
    return rgb >> (16 - 8 * channel) & 0xff;
  }
}

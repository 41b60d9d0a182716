package io.github.lumina4j.demo;

import java.util.Locale;

/** The colour of an object. */
public enum ObjectColor {
  RED(0xd62f33),
  ORANGE(0xf0801e),
  YELLOW(0xf7d52e),
  GREEN(0x3aa649),
  CYAN(0x2fc3d8),
  BLUE(0x2f5fd6),
  PURPLE(0x8440b8),
  PINK(0xf584b8);

  private final int rgb;

  ObjectColor(int rgb) {
    this.rgb = rgb;
  }

  /** The adjective, such as {@code red}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The colour before light and shade, {@code 0xRRGGBB}. */
  public int rgb() {
    return rgb;
  }
}

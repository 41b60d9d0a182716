package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;
import java.util.function.IntUnaryOperator;

/** A square picture that colours are blended onto; black at first. Not thread-safe. */
public final class Canvas {
  private final int side;
  private final float[] levels;

  /** A black canvas of that many pixels each way. */
  public Canvas(int side) {
    this(side, new float[side * side * RgbImage.CHANNELS]);
  }

  private Canvas(int side, float[] levels) {
    this.side = side;
    this.levels = levels;
  }

  /** Another canvas with the same colours on it. */
  public Canvas copy() {
    return new Canvas(side, levels.clone());
  }

  /** Pixels each way. */
  public int side() {
    return side;
  }

  /** Fills everything with a colour; {@code level} gives each of its channels, 0 to 255. */
  public void fill(IntUnaryOperator level) {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level.applyAsInt(i % RgbImage.CHANNELS);
    }
  }

  /** Mixes a colour into a pixel; alpha 0 leaves it, 1 replaces it. */
  public void blend(int x, int y, int rgb, double alpha) {
    int at = (y * side + x) * RgbImage.CHANNELS;
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      int level = rgb >> (16 - 8 * channel) & 0xff;
      levels[at + channel] += (float) ((level - levels[at + channel]) * alpha);
    }
  }

  /** The picture, rounded to 8 bits. */
  public RgbImage image() {
    byte[] pixels = new byte[levels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(levels[i]);
    }
    return new RgbImage(side, side, pixels);
  }
}

package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;
import java.util.function.IntUnaryOperator;

/** A square of {@link Scene#PIXELS} pixels that colours are blended onto; black at first. */
final class Canvas {
  private static final int SIDE = Scene.PIXELS;

  private final float[] levels = new float[SIDE * SIDE * RgbImage.CHANNELS];

  /** Fills everything with a colour; {@code level} gives each of its channels, 0 to 255. */
  void fill(IntUnaryOperator level) {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level.applyAsInt(i % RgbImage.CHANNELS);
    }
  }

  /** Mixes a colour into a pixel; alpha 0 leaves it, 1 replaces it. */
  void blend(int x, int y, int rgb, double alpha) {
    int at = (y * SIDE + x) * RgbImage.CHANNELS;
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      int level = rgb >> (16 - 8 * channel) & 0xff;
      levels[at + channel] += (float) ((level - levels[at + channel]) * alpha);
    }
  }

  RgbImage image() {
    byte[] pixels = new byte[levels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(levels[i]);
    }
    return new RgbImage(SIDE, SIDE, pixels);
  }
}

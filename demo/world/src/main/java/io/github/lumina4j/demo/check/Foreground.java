package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.Scene;
import java.util.Arrays;

/**
 * A picture taken apart: which background it has, by how much its colours are off, and which pixels
 * are not background.
 */
final class Foreground {
  private static final int SIDE = Scene.PIXELS;
  // Distances in RGB space, levels of 0 to 255: a pixel that may be background, and one that is not
  // even background in the shadow. Pink on sand, the nearest pair, is 57 apart at its darkest.
  private static final double NEAR_BACKGROUND = 36;
  private static final double NOT_BACKGROUND = 34;
  // Shadows leave at least this share of the light.
  private static final double DEEPEST_SHADOW = 0.6;
  private static final double BRIGHTEST = 1.05;

  private final Background background;
  private final double[] levels;
  private final double[] contrast;
  private final boolean[] mask;

  Foreground(RgbImage picture) {
    levels = new double[SIDE * SIDE * RgbImage.CHANNELS];
    byte[] pixels = picture.pixels();
    for (int i = 0; i < levels.length; i++) {
      levels[i] = pixels[i] & 0xff;
    }
    background = nearestBackground();
    removeShift();
    contrast = contrast();
    boolean[] far = new boolean[contrast.length];
    for (int pixel = 0; pixel < far.length; pixel++) {
      far[pixel] = contrast[pixel] > NOT_BACKGROUND;
    }
    mask = majority(far);
  }

  Background background() {
    return background;
  }

  /** The pixels that are not background, [96, 96], row-major, without single stray ones. */
  boolean[] mask() {
    return mask;
  }

  /** How far a pixel is from the background in any shadow, in levels of 0 to 255. */
  double contrast(int pixel) {
    return contrast[pixel];
  }

  /** One channel of a pixel, less the shift of the background's colour. */
  double level(int pixel, int channel) {
    return levels[pixel * RgbImage.CHANNELS + channel];
  }

  private Background nearestBackground() {
    Background best = null;
    int most = -1;
    for (Background candidate : Background.values()) {
      int near = 0;
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        if (distance(candidate, pixel, 1) < NEAR_BACKGROUND) {
          near++;
        }
      }
      if (near > most) {
        most = near;
        best = candidate;
      }
    }
    return best;
  }

  /** Subtracts the median difference from the background where it is seen. */
  private void removeShift() {
    int[] near = new int[SIDE * SIDE];
    int count = 0;
    for (int pixel = 0; pixel < near.length; pixel++) {
      if (distance(background, pixel, 1) < NEAR_BACKGROUND) {
        near[count++] = pixel;
      }
    }
    if (count == 0) {
      return;
    }
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      double[] differences = new double[count];
      for (int i = 0; i < count; i++) {
        differences[i] = level(near[i], channel) - background.level(channel);
      }
      Arrays.sort(differences);
      for (int i = channel; i < levels.length; i += RgbImage.CHANNELS) {
        levels[i] -= differences[count / 2];
      }
    }
  }

  private double[] contrast() {
    double[] far = new double[SIDE * SIDE];
    for (int pixel = 0; pixel < far.length; pixel++) {
      double dot = 0;
      double square = 0;
      for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
        double level = background.level(channel);
        dot += level * level(pixel, channel);
        square += level * level;
      }
      double light = Math.max(DEEPEST_SHADOW, Math.min(BRIGHTEST, dot / square));
      far[pixel] = distance(background, pixel, light);
    }
    return far;
  }

  private double distance(Background candidate, int pixel, double light) {
    double sum = 0;
    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
      double difference = level(pixel, channel) - light * candidate.level(channel);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Every pixel becomes what most of the 3x3 pixels around it are. */
  private static boolean[] majority(boolean[] mask) {
    boolean[] result = new boolean[mask.length];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int set = 0;
        int all = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(SIDE - 1, y + 1); v++) {
          for (int u = Math.max(0, x - 1); u <= Math.min(SIDE - 1, x + 1); u++) {
            set += mask[v * SIDE + u] ? 1 : 0;
            all++;
          }
        }
        result[y * SIDE + x] = 2 * set > all;
      }
    }
    return result;
  }
}

package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.Scene;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A thing in a picture: pixels of the foreground that hang together, over sides or corners.
 *
 * @param mask [96, 96], row-major: just these pixels
 * @param area how many they are
 * @param left the smallest x; {@code right} is the largest, {@code top} and {@code bottom} alike
 */
record Component(boolean[] mask, int area, int left, int top, int right, int bottom) {
  private static final int SIDE = Scene.PIXELS;

  // The share of the usual contrast to the background from which on a pixel belongs to the thing.
  private static final double INSIDE = 0.45;

  /** The things of at least that many pixels in the foreground of a picture. */
  static List<Component> of(Foreground foreground, int minimumArea) {
    boolean[] left = foreground.mask().clone();
    List<Component> components = new ArrayList<>();
    for (int start = 0; start < left.length; start++) {
      if (left[start]) {
        List<Integer> pixels = take(left, start);
        if (pixels.size() >= minimumArea) {
          components.add(sharp(foreground, pixels));
        }
      }
    }
    return components;
  }

  /** Collects the pixels that hang together with one, and clears them in the mask. */
  private static List<Integer> take(boolean[] from, int start) {
    List<Integer> pixels = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    from[start] = false;
    while (!open.isEmpty()) {
      int pixel = open.pop();
      int x = pixel % SIDE;
      int y = pixel / SIDE;
      pixels.add(pixel);
      for (int v = Math.max(0, y - 1); v <= Math.min(SIDE - 1, y + 1); v++) {
        for (int u = Math.max(0, x - 1); u <= Math.min(SIDE - 1, x + 1); u++) {
          if (from[v * SIDE + u]) {
            from[v * SIDE + u] = false;
            open.push(v * SIDE + u);
          }
        }
      }
    }
    return pixels;
  }

  /** Leaves out the pixels of a blurred border that are more background than thing. */
  private static Component sharp(Foreground foreground, List<Integer> pixels) {
    double[] contrasts = pixels.stream().mapToDouble(foreground::contrast).sorted().toArray();
    double least = INSIDE * contrasts[contrasts.length / 2];
    boolean[] mask = new boolean[SIDE * SIDE];
    int area = 0;
    int left = SIDE;
    int top = SIDE;
    int right = -1;
    int bottom = -1;
    for (int pixel : pixels) {
      if (foreground.contrast(pixel) >= least) {
        mask[pixel] = true;
        area++;
        left = Math.min(left, pixel % SIDE);
        right = Math.max(right, pixel % SIDE);
        top = Math.min(top, pixel / SIDE);
        bottom = Math.max(bottom, pixel / SIDE);
      }
    }
    return new Component(mask, area, left, top, right, bottom);
  }
}

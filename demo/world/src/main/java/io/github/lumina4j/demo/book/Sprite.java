package io.github.lumina4j.demo.book;

import java.util.Arrays;

/**
 * A thing alone, in its box. Its arrays are shared and must not be changed.
 *
 * @param side pixels each way
 * @param alpha [side, side], row-major: how much of each pixel it covers, 0 to 1
 * @param rgb [side, side], {@code 0xRRGGBB}; of no meaning where nothing is covered
 */
public record Sprite(int side, float[] alpha, int[] rgb) {
  private static final float VISIBLE = 0.5f;

  /** Whether the thing covers at least half of a pixel; outside the box it covers nothing. */
  boolean covers(int x, int y) {
    return x >= 0 && x < side && y >= 0 && y < side && alpha[y * side + x] >= VISIBLE;
  }

  /** The same without what lies in row {@code rows} or below it. */
  Sprite above(int rows) {
    float[] shorter = alpha.clone();
    Arrays.fill(shorter, rows * side, shorter.length, 0);
    return new Sprite(side, shorter, rgb);
  }

  /** The brightness of a pixel, 0 to 255. */
  double luma(int x, int y) {
    int color = rgb[y * side + x];
    return 0.299 * (color >> 16 & 0xff) + 0.587 * (color >> 8 & 0xff) + 0.114 * (color & 0xff);
  }
}

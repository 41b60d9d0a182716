package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;

/**
 * Chooses a PNG filter for each row: the one whose bytes, taken as signed, have the smallest sum of
 * magnitudes, which is what usually packs best.
 */
final class PngFilter {
  private static final int FILTERS = 5; // none, sub, up, average, Paeth

  private final byte[] above; // the row before, unfiltered; zeros before the first
  private final byte[][] candidates; // [FILTERS][1 + row bytes], filter number first

  PngFilter(int rowBytes) {
    above = new byte[rowBytes];
    candidates = new byte[FILTERS][1 + rowBytes];
    for (int filter = 0; filter < FILTERS; filter++) {
      candidates[filter][0] = (byte) filter;
    }
  }

  /** The filter's number and the filtered bytes; valid until the next call. */
  byte[] apply(byte[] row) {
    long[] cost = new long[FILTERS];
    for (int i = 0; i < row.length; i++) {
      int value = row[i] & 0xff;
      int left = i < RgbImage.CHANNELS ? 0 : row[i - RgbImage.CHANNELS] & 0xff;
      int up = above[i] & 0xff;
      int corner = i < RgbImage.CHANNELS ? 0 : above[i - RgbImage.CHANNELS] & 0xff;
      put(0, i, value, cost);
      put(1, i, value - left, cost);
      put(2, i, value - up, cost);
      put(3, i, value - (left + up) / 2, cost);
      put(4, i, value - paeth(left, up, corner), cost);
    }
    System.arraycopy(row, 0, above, 0, row.length);
    int best = 0;
    for (int filter = 1; filter < FILTERS; filter++) {
      if (cost[filter] < cost[best]) {
        best = filter;
      }
    }
    return candidates[best];
  }

  private void put(int filter, int index, int value, long[] cost) {
    byte stored = (byte) value;
    candidates[filter][1 + index] = stored;
    cost[filter] += Math.abs(stored);
  }

  /** Of left, up and corner the one nearest to left + up - corner; ties in this order. */
  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}

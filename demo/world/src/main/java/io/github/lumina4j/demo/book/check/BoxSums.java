package io.github.lumina4j.demo.book.check;

/**
 * Sums over boxes of a square of numbers, each at once.
 *
 * @param side numbers each way
 * @param below [side + 1, side + 1]: the sum of all above and to the left
 */
record BoxSums(int side, double[] below) {
  /** Of numbers [side, side], row-major. */
  static BoxSums of(float[] numbers, int side) {
    double[] below = new double[(side + 1) * (side + 1)];
    for (int y = 0; y < side; y++) {
      double row = 0;
      for (int x = 0; x < side; x++) {
        row += numbers[y * side + x];
        below[(y + 1) * (side + 1) + x + 1] = below[y * (side + 1) + x + 1] + row;
      }
    }
    return new BoxSums(side, below);
  }

  /** The sum over a square box that lies inside. */
  double of(int left, int top, int length) {
    return at(left + length, top + length)
        - at(left, top + length)
        - at(left + length, top)
        + at(left, top);
  }

  private double at(int x, int y) {
    return below[y * (side + 1) + x];
  }
}

package io.github.lumina4j.training;

/** Ranges of options. */
final class Checks {
  private Checks() {}

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  static void inRange(String name, long value, long low, long high) {
    require(
        value >= low && value <= high, name + " must be " + low + " to " + high + ", not " + value);
  }

  static void atLeastZero(String name, double value) {
    require(
        value >= 0 && !Double.isInfinite(value),
        name + " must be a number of 0 or more, not " + value);
  }
}

package io.github.lumina4j.training;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The range that an axis shows, and where its marks are.
 *
 * @param low the value at its beginning
 * @param high the value at its end, above {@code low}
 */
record Axis(double low, double high) {
  /** An axis for values from {@code low} to {@code high} with a little room, never empty. */
  static Axis around(double low, double high) {
    double room = high > low ? (high - low) * 0.05 : Math.max(Math.abs(low) * 0.1, 1e-9);
    return new Axis(low - room, high + room);
  }

  /** Where a value lies, 0 at the beginning, 1 at the end. */
  double share(double value) {
    return (value - low) / (high - low);
  }

  /** Round values inside the range, about {@code count}, one, two or five times a power of ten. */
  List<BigDecimal> marks(int count) {
    double rough = (high - low) / count;
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(rough)));
    double factor = rough / power.doubleValue();
    BigDecimal step =
        power.multiply(
            BigDecimal.valueOf(factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10));
    List<BigDecimal> marks = new ArrayList<>();
    BigDecimal mark = BigDecimal.valueOf(low).divide(step, 0, RoundingMode.CEILING).multiply(step);
    for (; mark.doubleValue() <= high; mark = mark.add(step)) {
      marks.add(mark);
    }
    return marks;
  }

  /** A mark as text: {@code 0.05}, {@code 1500}, {@code 2e-5}. */
  static String text(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal short_ = value.round(new MathContext(6)).stripTrailingZeros();
    int exponent = short_.precision() - short_.scale() - 1;
    return exponent >= -3 && exponent <= 6
        ? short_.toPlainString()
        : short_.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
  }
}

package io.github.lumina4j.training;

/**
 * An amount of training.
 *
 * @param amount how many, 0 or more; a fraction is allowed
 * @param unit of what
 */
public record TrainingLength(double amount, Unit unit) {
  /** What is counted. */
  public enum Unit {
    /** Updates of the weights. */
    STEPS,
    /** Passes over the data. */
    EPOCHS
  }

  public TrainingLength {
    if (!(amount >= 0) || Double.isInfinite(amount)) {
      throw new IllegalArgumentException("a length of training cannot be " + amount);
    }
  }

  /** That many updates. */
  public static TrainingLength steps(double steps) {
    return new TrainingLength(steps, Unit.STEPS);
  }

  /** That many passes over the data. */
  public static TrainingLength epochs(double epochs) {
    return new TrainingLength(epochs, Unit.EPOCHS);
  }
}

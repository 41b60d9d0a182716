package io.github.lumina4j.cli;

import io.github.lumina4j.training.TrainingListener;
import io.github.lumina4j.training.TrainingProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows on standard error how far training is. */
interface TrainingDisplay extends TrainingListener, AutoCloseable {
  /** Ends the display, whether or not training came to its end. */
  @Override
  void close();

  /** The display that fits: a bar on a terminal, lines elsewhere, nothing if quiet. */
  static TrainingDisplay of(Terminal terminal, boolean quiet, PrintWriter err) {
    if (quiet) {
      return new Silent();
    }
    return terminal.interactive() ? new Bars(err, terminal) : new Lines(err);
  }

  /** Shows nothing. */
  final class Silent implements TrainingDisplay {
    @Override
    public void onUpdate(TrainingProgress progress) {}

    @Override
    public void close() {}
  }

  /** A bar that counts updates. */
  final class Bars implements TrainingDisplay {
    private final Bar bar;
    private final Pace pace = new Pace();

    Bars(PrintWriter err, Terminal terminal) {
      bar = new Bar(err, terminal, "training", "steps");
    }

    @Override
    public void onUpdate(TrainingProgress progress) {
      pace.step(progress.seconds(), progress.step(), progress.steps());
      bar.show(progress.step(), progress.steps(), pace.secondsLeft(), figures(progress));
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line for the first update, each tenth, each validation, and every half minute. */
  final class Lines implements TrainingDisplay {
    private static final double SECONDS_BETWEEN_LINES = 30;

    private final PrintWriter err;
    private final Pace pace = new Pace();
    private long tenths = -1;
    private double shownAt;

    Lines(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void onUpdate(TrainingProgress progress) {
      pace.step(progress.seconds(), progress.step(), progress.steps());
      String validation = validation(progress);
      long nowTenths = 10 * progress.step() / progress.steps();
      if (nowTenths > tenths
          || !validation.isEmpty()
          || progress.seconds() - shownAt >= SECONDS_BETWEEN_LINES) {
        tenths = nowTenths;
        shownAt = progress.seconds();
        err.println(
            ("training: step " + progress.step() + " of " + progress.steps())
                + (", " + figures(progress) + validation)
                + (pace.secondsLeft() < 0
                    ? ""
                    : ", " + Units.duration(pace.secondsLeft()) + " left"));
        err.flush();
      }
    }

    private static String validation(TrainingProgress progress) {
      return progress.metrics().entrySet().stream()
          .filter(metric -> metric.getKey().startsWith("validation_"))
          .map(
              metric ->
                  ", "
                      + metric.getKey().replace('_', ' ')
                      + " "
                      + Units.decimal(metric.getValue(), 4))
          .collect(Collectors.joining());
    }

    @Override
    public void close() {}
  }

  private static String figures(TrainingProgress progress) {
    return String.format(
        Locale.ROOT, "loss %.4f, rate %.2e", progress.loss(), progress.learningRate());
  }
}

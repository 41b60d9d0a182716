package io.github.lumina4j.training;

import io.github.lumina4j.training.TrainingLog.Series;
import java.math.BigDecimal;
import java.util.Arrays;

/** Draws one curve over the steps into a part of a canvas. */
final class Chart {
  private static final int MARGIN = 20;
  private static final int LABEL_WIDTH = 100;
  private static final int GAP = 8;
  private static final int INK = 0x303030;
  private static final int GRID = 0xe4e4e4;
  private static final int CURVE = 0x1f5fa8;

  /** With so many points, single ones far out are left out of the range shown. */
  private static final int MANY = 100;

  private static final double OUTLIERS = 0.01;

  private final Canvas canvas;
  private final Canvas.Area plot;

  /** A chart in {@code area} of the canvas. */
  Chart(Canvas canvas, Canvas.Area area) {
    this.canvas = canvas;
    plot =
        new Canvas.Area(
            area.left() + LABEL_WIDTH,
            area.top() + MARGIN + Canvas.TEXT_HEIGHT + GAP,
            area.right() - 2 * MARGIN,
            area.bottom() - MARGIN - Canvas.TEXT_HEIGHT - GAP);
  }

  /** Draws the series; {@code smooth} puts a running mean over it. */
  void draw(Series series, boolean smooth) {
    Axis x = new Axis(0, Math.max(1, series.steps()[series.steps().length - 1]));
    Axis y = range(series.values());
    canvas.text(series.name(), plot.left(), plot.top() - GAP - Canvas.TEXT_HEIGHT, INK);
    drawGrid(x, y);
    double[] columns = new double[series.steps().length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(x, series.steps()[i]);
    }
    line(columns, series.values(), y, smooth ? 1 : 2.5, smooth ? 0.35 : 1);
    if (smooth) {
      line(columns, series.smoothed(), y, 2.5, 1);
    }
  }

  private void line(double[] columns, double[] values, Axis y, double thickness, double opacity) {
    double[] rows = Arrays.stream(values).map(value -> row(y, value)).toArray();
    canvas.line(columns, rows, thickness, CURVE, opacity, plot);
  }

  private void drawGrid(Axis x, Axis y) {
    for (BigDecimal mark : y.marks(5)) {
      int row = (int) row(y, mark.doubleValue());
      canvas.fill(new Canvas.Area(plot.left(), row, plot.right(), row + 1), GRID);
      String text = Axis.text(mark);
      canvas.text(
          text, plot.left() - GAP - Canvas.textWidth(text), row - Canvas.TEXT_HEIGHT / 2, INK);
    }
    for (BigDecimal mark : x.marks(5)) {
      int column = (int) column(x, mark.doubleValue());
      canvas.fill(new Canvas.Area(column, plot.top(), column + 1, plot.bottom()), GRID);
      String text = Axis.text(mark);
      int left = column - Canvas.textWidth(text) / 2;
      canvas.text(text, left, plot.bottom() + GAP, INK);
    }
    canvas.fill(new Canvas.Area(plot.left(), plot.top(), plot.left() + 1, plot.bottom()), INK);
    canvas.fill(new Canvas.Area(plot.left(), plot.bottom() - 1, plot.right(), plot.bottom()), INK);
  }

  private static Axis range(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int cut = sorted.length > MANY ? (int) (sorted.length * OUTLIERS) : 0;
    return Axis.around(sorted[cut], sorted[sorted.length - 1 - cut]);
  }

  private double column(Axis x, double step) {
    return plot.left() + x.share(step) * (plot.right() - plot.left());
  }

  private double row(Axis y, double value) {
    return plot.bottom() - y.share(value) * (plot.bottom() - plot.top());
  }
}

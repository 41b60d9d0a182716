package io.github.lumina4j.training;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.training.TrainingLog.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The picture of a run: loss, learning rate and validation over the steps. */
public final class TrainingCurves {
  /** The log in a run's folder. */
  static final String LOG = "log.jsonl";

  /** The picture in a run's folder. */
  public static final String FILE = "curves.png";

  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int COLUMNS = 2;

  private TrainingCurves() {}

  /**
   * Draws {@code curves.png} of the run in {@code folder} from its log, over an earlier one.
   *
   * @return the file
   * @throws LuminaException {@link ErrorCode#IO} if the log cannot be read or the picture not
   *     written; {@link ErrorCode#INVALID_ARGUMENT} if the log is empty
   */
  public static Path write(Path folder) {
    Path log = folder.resolve(LOG);
    List<Series> curves;
    try {
      curves = TrainingLog.read(log).curves();
    } catch (IOException e) {
      throw new LuminaException(ErrorCode.IO, log + ": cannot be read: " + e.getMessage(), e);
    }
    if (curves.isEmpty()) {
      throw new LuminaException(ErrorCode.INVALID_ARGUMENT, log + ": no update in it");
    }
    int rows = (curves.size() + COLUMNS - 1) / COLUMNS;
    Canvas canvas = new Canvas(Math.min(curves.size(), COLUMNS) * WIDTH, rows * HEIGHT);
    for (int i = 0; i < curves.size(); i++) {
      int left = i % COLUMNS * WIDTH;
      int top = i / COLUMNS * HEIGHT;
      Canvas.Area area = new Canvas.Area(left, top, left + WIDTH, top + HEIGHT);
      Series series = curves.get(i);
      new Chart(canvas, area).draw(series, series.name().equals("loss"));
    }
    Path file = folder.resolve(FILE);
    ImageFiles.write(file, canvas.toImage());
    return file;
  }
}

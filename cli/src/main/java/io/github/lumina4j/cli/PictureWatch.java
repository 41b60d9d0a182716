package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Preview;
import io.github.lumina4j.PreviewListener;
import io.github.lumina4j.Progress;
import java.util.Optional;

/** Watches one picture: how far it is on standard error, and what it looks like in a file. */
final class PictureWatch implements PreviewListener, AutoCloseable {
  private final Command command;
  private final PreviewOptions options;
  private final Panel panel;
  private final int rowsGiven;
  private final ProgressDisplay display;
  private Preview last;
  private int rowsShown;
  private boolean blind;

  /**
   * {@code panel} of the picture goes to the preview's file; the {@code rowsGiven} rows at its top
   * are not counted as drawn.
   */
  PictureWatch(Command command, String title, PreviewOptions options, Panel panel, int rowsGiven) {
    this.command = command;
    this.options = options;
    this.panel = panel;
    this.rowsGiven = rowsGiven;
    display =
        ProgressDisplay.of(
            command.environment().terminal(), command.report().quiet(), command.err(), title);
  }

  @Override
  public void onProgress(Progress progress) {
    display.onProgress(progress.withoutGiven(rowsGiven));
  }

  @Override
  public void onPreview(Preview preview) {
    last = preview;
    if (blind || !options.due(preview, rowsShown)) {
      return;
    }
    rowsShown = preview.rowsDone();
    try {
      options.write(preview, panel);
    } catch (LuminaException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      // Hours of drawing do not end because nobody can watch.
      blind = true;
      command.note("no more previews: " + e.getMessage());
    }
  }

  /** The rows that were drawn; empty if there is none. */
  Optional<Preview> drawn() {
    return Optional.ofNullable(last);
  }

  @Override
  public void close() {
    display.close();
  }
}

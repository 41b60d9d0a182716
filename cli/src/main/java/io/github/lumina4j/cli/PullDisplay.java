package io.github.lumina4j.cli;

import io.github.lumina4j.hub.PullListener;
import io.github.lumina4j.hub.PullProgress;
import io.github.lumina4j.hub.PullRequest;

/** Shows on standard error how far a pull is. */
final class PullDisplay implements PullListener, AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;

  private final Command command;
  private final PullRequest request;
  private PullProgress.Phase phase;
  private CountingProgress bytes;

  PullDisplay(Command command, PullRequest request) {
    this.command = command;
    this.request = request;
  }

  @Override
  public void onProgress(PullProgress progress) {
    if (progress.phase() != phase) {
      phase = progress.phase();
      begin(progress);
    }
    if (bytes != null) {
      // What was there is not counted, or the time left would be too short.
      bytes.stepTo(
          mebibytes(progress.bytesDone() - progress.bytesBefore()),
          phase == PullProgress.Phase.CHECK
              ? "checking"
              : progress.filesDone() + " of " + progress.filesTotal() + " files");
    }
  }

  private void begin(PullProgress progress) {
    long left = progress.bytesTotal() - progress.bytesBefore();
    switch (phase) {
      case LIST -> command.note("asking for " + request.repo());
      case WAIT -> command.note("another program pulls from it; waiting");
      case DOWNLOAD, CHECK -> {
        if (bytes == null && left > 0) {
          command.note(
              progress.filesTotal()
                  + " files, "
                  + Units.bytes(progress.bytesTotal())
                  + (progress.bytesBefore() > 0
                      ? ", " + Units.bytes(progress.bytesBefore()) + " of it already here"
                      : ""));
          bytes =
              CountingProgress.of(
                  command.environment().terminal(),
                  command.report().quiet(),
                  command.err(),
                  "MiB",
                  mebibytes(left));
        }
      }
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE;
  }

  @Override
  public void close() {
    if (bytes != null) {
      bytes.close();
    }
  }
}

package io.github.lumina4j.internal;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;

/** Carries progress from the engine to a listener, and codes to one that wants them. */
final class ObserverBridge extends NativeObserver {
  private final ProgressListener listener;
  private final EngineHandle.RowsListener rows;
  private final CallbackGuard guard = new CallbackGuard();
  private int rowsBefore = -1; // below 0 until drawing begins

  /** {@code rows} may be null. */
  ObserverBridge(ProgressListener listener, EngineHandle.RowsListener rows) {
    this.listener = listener;
    this.rows = rows;
  }

  @Override
  public boolean on_progress(NativeProgress progress) {
    return guard.run(
        () -> {
          Progress told = EngineHandle.progress(progress);
          listener.onProgress(told);
          if (rows != null && told.phase() == Progress.Phase.DECODE) {
            tellRows(told, progress);
          }
        });
  }

  // Only where a row is new are codes copied.
  private void tellRows(Progress told, NativeProgress progress) {
    boolean news = rowsBefore >= 0 && told.rowsDone() > rowsBefore;
    rowsBefore = told.rowsDone();
    if (news) {
      int[] values = new int[told.rowsDone() * progress.columns()];
      progress.codes().get(values);
      rows.onRows(new ImageCodes(told.rowsDone(), progress.columns(), values), told.rowsTotal());
    }
  }

  /** Throws what the listener threw, unchanged. */
  void rethrow() {
    guard.rethrow();
  }
}

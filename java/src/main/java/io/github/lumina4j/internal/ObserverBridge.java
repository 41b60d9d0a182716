package io.github.lumina4j.internal;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;

/** Carries progress from the engine to a listener, and codes to one that wants them. */
final class ObserverBridge extends NativeObserver {
  private final EngineCall<?> call;
  private final ProgressListener listener;
  private final EngineHandle.RowsListener rows;
  private int rowsBefore = -1; // below 0 until drawing begins

  /** {@code rows} may be null. */
  ObserverBridge(EngineCall<?> call, ProgressListener listener, EngineHandle.RowsListener rows) {
    this.call = call;
    this.listener = listener;
    this.rows = rows;
  }

  /** Null for a listener that is. */
  static ObserverBridge of(
      EngineCall<?> call, ProgressListener listener, EngineHandle.RowsListener rows) {
    return listener == null ? null : new ObserverBridge(call, listener, rows);
  }

  @Override
  public boolean on_progress(NativeProgress progress) {
    return call.tell(
        () -> {
          Progress told = EngineHandle.progress(progress);
          ImageCodes codes = newRows(told, progress);
          return () -> {
            listener.onProgress(told);
            if (codes != null) {
              rows.onRows(codes, told.rowsTotal());
            }
          };
        });
  }

  /** The codes, copied, where a row is new and somebody wants to know; else null. */
  private ImageCodes newRows(Progress told, NativeProgress progress) {
    if (rows == null || told.phase() != Progress.Phase.DECODE) {
      return null;
    }
    boolean news = rowsBefore >= 0 && told.rowsDone() > rowsBefore;
    rowsBefore = told.rowsDone();
    if (!news) {
      return null;
    }
    int[] values = new int[told.rowsDone() * progress.columns()];
    progress.codes().get(values);
    return new ImageCodes(told.rowsDone(), progress.columns(), values);
  }
}

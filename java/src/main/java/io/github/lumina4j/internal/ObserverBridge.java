package io.github.lumina4j.internal;

import io.github.lumina4j.ProgressListener;

/** Carries progress from the engine to a listener. */
final class ObserverBridge extends NativeObserver {
  private final ProgressListener listener;
  private final CallbackGuard guard = new CallbackGuard();

  ObserverBridge(ProgressListener listener) {
    this.listener = listener;
  }

  @Override
  public boolean on_progress(NativeProgress progress) {
    return guard.run(() -> listener.onProgress(EngineHandle.progress(progress)));
  }

  /** Throws what the listener threw, unchanged. */
  void rethrow() {
    guard.rethrow();
  }
}

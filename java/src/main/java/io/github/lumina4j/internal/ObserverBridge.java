package io.github.lumina4j.internal;

import io.github.lumina4j.ProgressListener;

/**
 * Carries progress from the engine to a listener. A Java exception must not travel through C++,
 * where it would lose its class: it is kept here, the engine is told to stop, and {@link #rethrow}
 * lets it out once the native call has returned.
 */
final class ObserverBridge extends NativeObserver {
  private final ProgressListener listener;
  private Throwable failure;

  ObserverBridge(ProgressListener listener) {
    this.listener = listener;
  }

  @Override
  public boolean on_progress(NativeProgress progress) {
    try {
      listener.onProgress(EngineHandle.progress(progress));
      return true;
    } catch (Throwable thrown) {
      failure = thrown;
      return false;
    }
  }

  /** Throws what the listener threw, unchanged. */
  void rethrow() {
    if (failure != null) {
      ObserverBridge.<RuntimeException>sneak(failure);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}

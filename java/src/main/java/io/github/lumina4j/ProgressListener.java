package io.github.lumina4j;

/** Hears about a request while it runs. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Called at the start of each phase and after each step, on the thread that called {@code
   * generate}; the request waits meanwhile, so be quick (one that is stopped waits no longer). An
   * exception thrown here stops the request and comes out of {@code generate} unchanged. To stop
   * without one, cancel the request's {@link CancellationToken}. Calling the same pipeline from
   * here raises {@link IllegalStateException}.
   */
  void onProgress(Progress progress);
}

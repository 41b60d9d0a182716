package io.github.lumina4j.internal;

/**
 * Runs a listener inside a native call. A Java exception must not travel through C++, where it
 * would lose its class: it is kept here, the engine is told to stop, and {@link #rethrow} lets it
 * out once the native call has returned.
 */
final class CallbackGuard {
  private Throwable failure;

  /** Whether {@code callback} came to its end: what the engine is told. */
  boolean run(Runnable callback) {
    try {
      callback.run();
      return true;
    } catch (Throwable thrown) {
      failure = thrown;
      return false;
    }
  }

  /** Throws what the callback threw, unchanged. */
  void rethrow() {
    if (failure != null) {
      CallbackGuard.<RuntimeException>sneak(failure);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}

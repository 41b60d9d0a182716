package io.github.lumina4j;

import java.util.ArrayList;
import java.util.List;

/**
 * Stops a request from any thread, within one step of the model. It is never reset: one token, one
 * request (or a set of requests that stop together).
 */
public final class CancellationToken {
  private final List<Runnable> actions = new ArrayList<>();
  private volatile boolean cancelled;

  /** Stops the request this token was given to; again has no effect. */
  public void cancel() {
    List<Runnable> pending;
    synchronized (actions) {
      cancelled = true;
      pending = List.copyOf(actions);
    }
    pending.forEach(Runnable::run);
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** A registration that ends when closed. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Runs {@code action} on cancellation, on the thread that cancels; at once and on this thread if
   * that has happened already.
   */
  public Registration onCancel(Runnable action) {
    boolean now;
    synchronized (actions) {
      actions.add(action);
      now = cancelled;
    }
    if (now) {
      action.run();
    }
    return () -> {
      synchronized (actions) {
        actions.remove(action);
      }
    };
  }
}

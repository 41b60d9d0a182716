package io.github.lumina4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Stops a request from any thread, within one step of the model. It is never reset: one token, one
 * request (or a set of requests that stop together).
 */
public final class CancellationToken {
  private final List<Runnable> actions = new ArrayList<>();
  private volatile boolean cancelled;

  /**
   * Stops the request this token was given to; again has no effect. All actions of {@link
   * #onCancel} run, once each; the first exception or error of one is thrown in the end, those of
   * others as its suppressed ones.
   */
  public void cancel() {
    List<Runnable> pending;
    synchronized (actions) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      pending = List.copyOf(actions);
    }
    Throwable first = null;
    for (Runnable action : pending) {
      try {
        action.run();
      } catch (RuntimeException | Error failure) {
        if (first == null) {
          first = failure;
        } else if (first != failure) {
          first.addSuppressed(failure);
        }
      }
    }
    if (first instanceof Error error) {
      throw error;
    } else if (first != null) {
      throw (RuntimeException) first;
    }
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
   * that has happened already. An action that throws keeps no other from running.
   */
  public Registration onCancel(Runnable action) {
    Objects.requireNonNull(action, "action");
    boolean now;
    synchronized (actions) {
      now = cancelled;
      if (!now) {
        actions.add(action);
      }
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

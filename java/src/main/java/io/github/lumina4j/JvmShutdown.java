package io.github.lumina4j;

import io.github.lumina4j.internal.ShutdownHook;
import java.util.Objects;

/**
 * What happens to running calls when the JVM ends: by {@link System#exit}, a signal, or because the
 * last thread that is no daemon returns. A shutdown hook of the library then cancels every call of
 * every open pipeline, and every training, quantisation and benchmark, and the JVM waits until they
 * have stopped, which they do between two layers of the model: usually at once, ten seconds at
 * most. Calls that begin later are refused with {@link GenerationCancelledException}. Should one
 * not have stopped by then, the process ends without it and without running destructors of native
 * libraries. The exit status is in all cases the one that it would have been.
 *
 * <p>Shutdown hooks run side by side. An application that wants a picture to be finished first says
 * so by {@link #beforeStop}.
 */
public final class JvmShutdown {
  private JvmShutdown() {}

  /**
   * Has the library's shutdown hook run {@code action} before it cancels anything. Actions run one
   * after another, in the order they were given, and should limit their time themselves: the JVM
   * does not end before them.
   *
   * @param action must not call {@link System#exit}, which would wait for itself
   * @return closing it takes the action back
   */
  public static CancellationToken.Registration beforeStop(Runnable action) {
    Runnable own = Objects.requireNonNull(action, "action")::run;
    ShutdownHook.addAction(own);
    return () -> ShutdownHook.removeAction(own);
  }
}

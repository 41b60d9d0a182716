package io.github.lumina4j.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How native calls end when the JVM does. A process that ends destroys static objects of libtorch
 * and oneDNN, whatever still uses them, so the JVM must not go on before every native call has
 * returned: a hook stops them, which takes effect between two layers, and waits. If one does not
 * return in time, the process ends without destroying anything. The exit status stays what it is.
 *
 * <p>The hook is registered only while there is an engine or an action, so that a class loader that
 * is done with the library can be collected.
 */
public final class ShutdownHook {
  /** More than a layer of a large model takes; a JVM that is asked to end has not much longer. */
  private static final long LIMIT_SECONDS = 10;

  private static final System.Logger LOG = System.getLogger("io.github.lumina4j.JvmShutdown");

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition IDLE = LOCK.newCondition();
  private static final Set<EngineThread> ENGINES = new LinkedHashSet<>();
  private static final List<Runnable> ACTIONS = new ArrayList<>();
  private static Thread hook; // null if not registered
  private static int inFlight; // native calls, loading the library included
  private static boolean ending; // no native call may begin

  private ShutdownHook() {}

  static void add(EngineThread engine) {
    LOCK.lock();
    try {
      ENGINES.add(engine);
      register();
    } finally {
      LOCK.unlock();
    }
  }

  static void remove(EngineThread engine) {
    LOCK.lock();
    try {
      ENGINES.remove(engine);
      deregister();
    } finally {
      LOCK.unlock();
    }
  }

  /** Has {@code action} run when the JVM ends, before calls are stopped. */
  public static void addAction(Runnable action) {
    LOCK.lock();
    try {
      ACTIONS.add(action);
      register();
    } finally {
      LOCK.unlock();
    }
  }

  /** Takes back {@link #addAction}. */
  public static void removeAction(Runnable action) {
    LOCK.lock();
    try {
      ACTIONS.remove(action);
      deregister();
    } finally {
      LOCK.unlock();
    }
  }

  /** Whether a native call may begin; then {@link #leave} must follow. */
  static boolean enter() {
    LOCK.lock();
    try {
      if (!ending) {
        inFlight++;
      }
      return !ending;
    } finally {
      LOCK.unlock();
    }
  }

  static void leave() {
    LOCK.lock();
    try {
      inFlight--;
      IDLE.signalAll();
    } finally {
      LOCK.unlock();
    }
  }

  private static void register() {
    if (hook != null || ending) {
      return;
    }
    Thread created = new Thread(null, ShutdownHook::end, "lumina-shutdown", 0, false);
    try {
      Runtime.getRuntime().addShutdownHook(created);
      hook = created;
    } catch (IllegalStateException e) { // the JVM is ending already
      ending = true;
    }
  }

  private static void deregister() {
    if (hook == null || ending || !ENGINES.isEmpty() || !ACTIONS.isEmpty()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      hook = null;
    } catch (IllegalStateException e) {
      // The JVM is ending; the hook does its work.
    }
  }

  private static void end() {
    for (Runnable action : actions()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "an action before the end failed", e);
      }
    }
    for (EngineThread engine : beginEnding()) {
      engine.stopAll();
    }
    if (!awaitIdle() && Natives.isLoaded()) {
      NativeLumina.end_without_destructors();
    }
  }

  private static List<Runnable> actions() {
    LOCK.lock();
    try {
      return List.copyOf(ACTIONS);
    } finally {
      LOCK.unlock();
    }
  }

  private static List<EngineThread> beginEnding() {
    LOCK.lock();
    try {
      ending = true;
      return List.copyOf(ENGINES);
    } finally {
      LOCK.unlock();
    }
  }

  private static boolean awaitIdle() {
    long left = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    LOCK.lock();
    try {
      while (inFlight > 0 && left > 0) {
        left = IDLE.awaitNanos(left);
      }
      return inFlight == 0;
    } catch (InterruptedException e) {
      return false; // somebody is in a hurry
    } finally {
      LOCK.unlock();
    }
  }
}

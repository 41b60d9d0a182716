package io.github.lumina4j.internal;

import io.github.lumina4j.GenerationCancelledException;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;

/**
 * One call of an engine, between the thread that asks for it and the {@link EngineThread}. While it
 * runs, the caller waits for the end or for news: what a listener should hear is handed to the
 * caller, and the engine waits until the listener has returned, so that a listener always runs on
 * the thread that made the call. Meanwhile the listener may send the engine on an errand. A call
 * that is stopped waits for no listener.
 *
 * <p>All fields are guarded by the engine's lock.
 */
public final class EngineCall<T> {
  /** What is done on the engine's thread. */
  @FunctionalInterface
  public interface Body<T> {
    T run(EngineCall<?> call);
  }

  private enum State {
    WAITING,
    RUNNING,
    DONE
  }

  private final EngineThread engine;
  private final Body<T> body;
  private final boolean interruptible;
  private final Condition changed;
  private State state = State.WAITING;
  private boolean stopped;
  private NativeCancellationFlag flag; // null unless running
  private T result;
  private Throwable failure;
  private Runnable news; // for the caller, who has not begun with it
  private boolean telling; // the engine waits until the listener has returned
  private Throwable listenerFailure;
  private Errand<?> errand; // for the engine, which has not begun with it

  private static final class Errand<R> {
    final Body<R> body;
    R result;
    Throwable failure;
    boolean begun;
    boolean done;

    Errand(Body<R> body) {
      this.body = body;
    }

    void run(EngineCall<?> call) {
      try {
        result = body.run(call);
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
  }

  EngineCall(EngineThread engine, Body<T> body, boolean interruptible) {
    this.engine = engine;
    this.body = body;
    this.interruptible = interruptible;
    changed = engine.lock.newCondition();
  }

  static GenerationCancelledException cancelled() {
    return new GenerationCancelledException("the request was cancelled");
  }

  static IllegalStateException closed() {
    return new IllegalStateException("the pipeline is closed");
  }

  /** What native code looks at to know whether to stop; valid while the call runs. */
  NativeCancellationFlag flag() {
    return flag;
  }

  /** Stops the call within a step, or at once if it waits; harmless when it is done. */
  void stop() {
    stop("the request was cancelled");
  }

  private void stop(String reason) {
    engine.lock.lock();
    try {
      stopped = true;
      if (state == State.WAITING) {
        engine.forget(this);
        fail(new GenerationCancelledException(reason));
      }
      if (flag != null) {
        flag.cancel();
      }
      changed.signalAll();
    } finally {
      engine.lock.unlock();
    }
  }

  /** Ends the call before it began; called under the lock. */
  void fail(RuntimeException reason) {
    failure = reason;
    state = State.DONE;
    changed.signalAll();
  }

  /** On the caller's thread: waits for the end, and runs what there is to hear until then. */
  T await() {
    boolean interrupted = false;
    engine.lock.lock();
    try {
      while (state != State.DONE) {
        if (news != null) {
          hear(interrupted);
          continue;
        }
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
          if (state == State.WAITING || interruptible) {
            stop("the request was interrupted");
          }
        }
      }
    } finally {
      engine.lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (listenerFailure != null) {
      throw EngineCall.<RuntimeException>sneak(listenerFailure);
    }
    if (failure != null) {
      throw EngineCall.<RuntimeException>sneak(withCaller(interrupted ? told(failure) : failure));
    }
    return result;
  }

  /** The engine knows that it was stopped, not that an interrupt did it. */
  private static Throwable told(Throwable failure) {
    String reason = failure.getMessage();
    boolean known =
        !(failure instanceof GenerationCancelledException) || reason.contains("interrupted");
    return known ? failure : new GenerationCancelledException("interrupted: " + reason);
  }

  /** Runs the listener without the lock, which is held before and after. */
  private void hear(boolean interrupted) {
    Runnable heard = news;
    news = null;
    engine.listens(this, true);
    engine.lock.unlock();
    Throwable thrown = null;
    try {
      if (interrupted) { // the listener sees what the application did
        Thread.currentThread().interrupt();
      }
      heard.run();
    } catch (Throwable e) {
      thrown = e;
    } finally {
      if (interrupted) {
        Thread.interrupted();
      }
      engine.lock.lock();
    }
    engine.listens(this, false);
    if (thrown != null) {
      listenerFailure = thrown;
    }
    telling = false;
    changed.signalAll();
  }

  /**
   * On the engine's thread, inside a native call, through which no exception must travel: has the
   * caller run a listener, and waits for it.
   *
   * @param listener makes what the caller runs, on this thread
   * @return whether the call goes on: it was not stopped, and nothing was thrown
   */
  boolean tell(Supplier<Runnable> listener) {
    Runnable told = null;
    Throwable thrown = null;
    try {
      told = listener.get();
    } catch (Throwable e) {
      thrown = e;
    }
    engine.lock.lock();
    try {
      if (thrown != null) {
        listenerFailure = thrown;
      }
      if (stopped || thrown != null) {
        return false;
      }
      news = told;
      telling = true;
      changed.signalAll();
      while (telling && !stopped) {
        if (errand == null) {
          changed.awaitUninterruptibly();
        } else {
          serve();
        }
      }
      news = null;
      return !stopped && listenerFailure == null;
    } finally {
      engine.lock.unlock();
    }
  }

  private void serve() {
    Errand<?> own = errand;
    errand = null;
    own.begun = true;
    engine.lock.unlock();
    try {
      own.run(this);
    } finally {
      engine.lock.lock();
    }
    own.done = true;
    changed.signalAll();
  }

  /** On the caller's thread, inside its listener: has the engine run {@code body} and waits. */
  <R> R errand(Body<R> body) {
    Errand<R> own = new Errand<>(body);
    boolean interrupted = false;
    engine.lock.lock();
    try {
      if (!stopped && telling) {
        errand = own;
        changed.signalAll();
      }
      while (!own.done) {
        if (!own.begun && (stopped || !telling)) {
          errand = null;
          throw cancelled();
        }
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
          if (interruptible) {
            stop("the request was interrupted");
          }
        }
      }
    } finally {
      engine.lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (own.failure != null) {
      throw EngineCall.<RuntimeException>sneak(withCaller(own.failure));
    }
    return own.result;
  }

  /** On the engine's thread: from the first step to the last. */
  void run() {
    T made = null;
    Throwable thrown = null;
    try {
      if (!ShutdownHook.enter()) {
        throw new GenerationCancelledException("the JVM is shutting down");
      }
      try {
        made = guarded();
      } finally {
        ShutdownHook.leave();
      }
    } catch (Throwable e) {
      thrown = e;
    }
    engine.lock.lock();
    try {
      result = made;
      failure = thrown;
      state = State.DONE;
      changed.signalAll();
    } finally {
      engine.lock.unlock();
    }
  }

  private T guarded() {
    Natives.load();
    try (NativeCancellationFlag own = new NativeCancellationFlag()) {
      begin(own);
      NativeLumina.watch(own);
      try {
        return body.run(this);
      } finally {
        NativeLumina.watch(null);
        end();
      }
    } catch (OutOfMemoryError e) {
      throw NativeMemory.explain(e);
    }
  }

  private void begin(NativeCancellationFlag own) {
    engine.lock.lock();
    try {
      if (stopped) {
        throw cancelled();
      }
      state = State.RUNNING;
      flag = own;
    } finally {
      engine.lock.unlock();
    }
  }

  private void end() {
    engine.lock.lock();
    try {
      flag = null;
    } finally {
      engine.lock.unlock();
    }
  }

  /** A failure of the engine's thread also tells where the call came from. */
  private static Throwable withCaller(Throwable failure) {
    StackTraceElement[] there = failure.getStackTrace();
    StackTraceElement[] here = new Throwable().getStackTrace();
    StackTraceElement[] both = new StackTraceElement[there.length + here.length];
    System.arraycopy(there, 0, both, 0, there.length);
    System.arraycopy(here, 0, both, there.length, here.length);
    failure.setStackTrace(both);
    return failure;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable failure) throws E {
    throw (E) failure;
  }
}

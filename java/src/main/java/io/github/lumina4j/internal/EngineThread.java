package io.github.lumina4j.internal;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DeviceException;
import io.github.lumina4j.GenerationCancelledException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The thread that makes all native calls of one engine, in the order in which they are asked for.
 * OpenMP gives every thread that computes a team of its own, so this keeps their number level
 * however many threads of the application call; it also has a stack of its own size, whatever -Xss
 * says. Callers wait in Java, where a virtual thread leaves its carrier, and run listeners
 * themselves meanwhile: see {@link EngineCall}.
 *
 * <p>A daemon: a pipeline that is not closed keeps no JVM alive. What happens to a call when the
 * JVM ends is up to {@link ShutdownHook}.
 */
public final class EngineThread implements AutoCloseable {
  /** As much as the main thread of a C++ program usually has. */
  static final long STACK_BYTES = 8L << 20;

  private static final AtomicInteger COUNT = new AtomicInteger();

  final ReentrantLock lock = new ReentrantLock(); // guards this and its calls
  private final Condition work = lock.newCondition();
  private final Deque<EngineCall<?>> waiting = new ArrayDeque<>();
  // Callers inside a listener, and the call that it listens to.
  private final Map<Thread, EngineCall<?>> listening = new HashMap<>();
  private final Thread thread;
  private EngineCall<?> running;
  private Runnable farewell = () -> {}; // what frees the engine, on the thread
  private boolean closed;

  private EngineThread() {
    thread =
        new Thread(null, this::run, "lumina-engine-" + COUNT.incrementAndGet(), STACK_BYTES, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(EngineThread.class.getClassLoader());
  }

  /**
   * Starts a thread.
   *
   * @throws DeviceException if the system allows no more
   */
  public static EngineThread start() {
    EngineThread engine = new EngineThread();
    ShutdownHook.add(engine);
    try {
      engine.thread.start();
    } catch (OutOfMemoryError e) { // "unable to create native thread"
      ShutdownHook.remove(engine);
      throw new DeviceException(
          "a thread for the engine cannot be started (see ulimit -u, and pids.max of the container)",
          e);
    }
    return engine;
  }

  /** Makes one call on a thread that ends with it; an interrupt ends it. */
  static <T> T once(EngineCall.Body<T> body, CancellationToken cancellation) {
    try (EngineThread engine = start()) {
      return engine.call(body, cancellation, true);
    }
  }

  /** As {@link #once(EngineCall.Body, CancellationToken)}, for what is short. */
  static <T> T once(Supplier<T> body) {
    return once(call -> body.get(), null);
  }

  /** Has {@code action} run on the thread as its last, unless the JVM is ending. */
  public void onClose(Runnable action) {
    lock.lock();
    try {
      farewell = action;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes a call and waits for it. What the body throws comes out here, as does what a listener
   * throws.
   *
   * @param cancellation stops it, or ends its wait; may be null
   * @param interruptible whether an interrupt stops it while it runs; one that comes while it waits
   *     for its turn always ends it
   * @throws GenerationCancelledException if stopped or interrupted; the interrupt flag is then set
   * @throws IllegalStateException if the engine is closed, or this thread is in its listener
   */
  public <T> T call(
      EngineCall.Body<T> body, CancellationToken cancellation, boolean interruptible) {
    if (cancellation != null && cancellation.isCancelled()) {
      throw EngineCall.cancelled();
    }
    EngineCall<T> call = new EngineCall<>(this, body, interruptible);
    lock.lock();
    try {
      refuseOwnListener();
      if (closed) {
        throw EngineCall.closed();
      }
      waiting.addLast(call);
      work.signal();
    } finally {
      lock.unlock();
    }
    if (cancellation == null) {
      return call.await();
    }
    try (CancellationToken.Registration registration = cancellation.onCancel(call::stop)) {
      return call.await();
    }
  }

  /**
   * Makes a native call for a listener of this engine, inside the call that it listens to; for any
   * other thread a call as any other.
   */
  public <T> T callFromListener(EngineCall.Body<T> body, boolean interruptible) {
    EngineCall<?> own;
    lock.lock();
    try {
      own = listening.get(Thread.currentThread());
    } finally {
      lock.unlock();
    }
    return own == null ? call(body, null, interruptible) : own.errand(body);
  }

  /** Whether this thread runs a listener of this engine. */
  public boolean isListening() {
    lock.lock();
    try {
      return listening.containsKey(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses a call from inside a listener, which would wait for itself.
   *
   * @throws IllegalStateException if this thread is in a listener of this engine
   */
  public void refuseOwnListener() {
    if (isListening()) {
      throw new IllegalStateException("a pipeline cannot be called from its own listener");
    }
  }

  /** Notes that this thread runs a listener of {@code call}, or has run it; under the lock. */
  void listens(EngineCall<?> call, boolean begins) {
    if (begins) {
      listening.put(Thread.currentThread(), call);
    } else {
      listening.remove(Thread.currentThread());
    }
  }

  void forget(EngineCall<?> call) {
    waiting.remove(call);
  }

  /** Stops the running call and all that wait; called when the JVM ends. */
  void stopAll() {
    lock.lock();
    try {
      for (EngineCall<?> call : List.copyOf(waiting)) {
        call.stop();
      }
      if (running != null) {
        running.stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets no call in any more and stops the running one; does not wait. */
  public void shutdown() {
    lock.lock();
    try {
      closed = true;
      for (EngineCall<?> call : waiting) {
        call.fail(EngineCall.closed());
      }
      waiting.clear();
      if (running != null) {
        running.stop();
      }
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** {@link #shutdown}, and waits until the engine is freed; again has no effect. */
  @Override
  public void close() {
    refuseOwnListener();
    shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      boolean open = true;
      while (open) {
        open = runNext();
      }
      if (ShutdownHook.enter()) {
        try {
          farewell.run();
        } finally {
          ShutdownHook.leave();
        }
      }
    } finally {
      ShutdownHook.remove(this);
    }
  }

  /** Runs the next call; false if there will be none. */
  private boolean runNext() {
    EngineCall<?> call = next();
    if (call != null) {
      call.run();
    }
    return call != null;
  }

  /**
   * Waits for the next call, which then counts as running; null if there will be none. No reference
   * to an earlier one is kept meanwhile: it may be the last to the pipeline.
   */
  private EngineCall<?> next() {
    lock.lock();
    try {
      running = null;
      while (waiting.isEmpty() && !closed) {
        work.awaitUninterruptibly();
      }
      running = waiting.pollFirst();
      return running;
    } finally {
      lock.unlock();
    }
  }
}

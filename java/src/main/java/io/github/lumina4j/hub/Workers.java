package io.github.lumina4j.hub;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The threads of one pull, a connection each. The first failure stops them all. */
final class Workers implements AutoCloseable {
  /** A piece of work; it may submit more. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  private static final int POLL_MILLIS = 100;

  private final StopSignal stop;
  private final ExecutorService threads;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Workers(int count, StopSignal stop) {
    this.stop = stop;
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "lumina-pull-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  void submit(Work work) {
    pending.incrementAndGet();
    threads.execute(
        () -> {
          try {
            stop.check();
            work.run();
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stop.stop();
          } finally {
            pending.decrementAndGet();
          }
        });
  }

  /** Waits for all work, calling {@code tick} meanwhile on this thread; throws what work threw. */
  void await(CancellationToken cancellation, Runnable tick) throws InterruptedException {
    while (pending.get() > 0 && failure.get() == null) {
      tick.run();
      Thread.sleep(POLL_MILLIS);
      if (cancellation.isCancelled()) {
        stop.stop();
        stop.check();
      }
    }
    Throwable first = failure.get();
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw new LuminaException(ErrorCode.INTERNAL, "the download failed: " + first, first);
    }
    tick.run();
  }

  /** Stops what still runs, and waits until it has closed its files. */
  @Override
  public void close() {
    if (pending.get() > 0) {
      stop.stop();
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

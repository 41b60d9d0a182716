package io.github.lumina4j.hub;

import io.github.lumina4j.GenerationCancelledException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells every thread of a pull to end; set once, by whoever fails first or by the user. */
final class StopSignal {
  private final CountDownLatch stopped = new CountDownLatch(1);

  void stop() {
    stopped.countDown();
  }

  /**
   * Goes on only if nobody has stopped the pull.
   *
   * @throws GenerationCancelledException otherwise
   */
  void check() {
    if (stopped.getCount() == 0) {
      throw new GenerationCancelledException("the pull was cancelled");
    }
  }

  /** Waits; see {@link #check}. */
  void pause(Duration duration) {
    try {
      stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
    check();
  }
}

package io.github.lumina4j.hub;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The attempts at one thing: an {@link IOException} may pass, every other failure is final. */
final class Retry {
  /** One attempt. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  private final RetryPolicy policy;
  private final StopSignal stop;
  private int failures;

  Retry(RetryPolicy policy, StopSignal stop) {
    this.policy = policy;
    this.stop = stop;
  }

  /** The result of the first attempt that succeeds. */
  static <T> T of(RetryPolicy policy, StopSignal stop, String what, Attempt<T> attempt) {
    Retry retry = new Retry(policy, stop);
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        retry.failed(what, e);
      }
    }
  }

  /** Something came, if not all: the count of failures begins anew. */
  void progress() {
    failures = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @param what for the message
   * @throws LuminaException with {@link ErrorCode#IO} if there should be none
   */
  void failed(String what, IOException failure) {
    failures++;
    Optional<Duration> asked =
        failure instanceof BusyException busy ? busy.retryAfter() : Optional.empty();
    Duration pause = asked.orElseGet(this::pause);
    boolean tooLong = asked.isPresent() && pause.compareTo(policy.longestRetryAfter()) > 0;
    if (failures >= policy.attempts() || tooLong) {
      throw new LuminaException(
          ErrorCode.IO,
          what
              + ": "
              + HubFailures.reason(failure)
              + (tooLong
                  ? "; it asks to wait " + pause.toSeconds() + " s"
                  : ", "
                      + failures
                      + " times in a row; the same request later continues from here"),
          failure);
    }
    stop.pause(pause);
  }

  /** Twice as long each time, and a part of it by chance, so that many do not return at once. */
  private Duration pause() {
    long millis = policy.firstPause().toMillis() << Math.min(failures - 1, 20);
    long most = Math.min(millis, policy.longestPause().toMillis());
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}

package io.github.lumina4j.server;

import java.time.Duration;

/** How long a picture takes these days, and so when a client should come again. */
final class Pace {
  // Each picture counts a fifth, those before it four fifths.
  private static final double SHARE = 0.2;
  private static final long SHORTEST_SECONDS = 1;
  private static final long LONGEST_SECONDS = 120;

  private volatile double seconds;

  /** A picture took that long; called by the worker only. */
  void count(double pictureSeconds) {
    seconds = seconds == 0 ? pictureSeconds : seconds + SHARE * (pictureSeconds - seconds);
  }

  /** When the next place in a full queue is likely to be free. */
  Duration nextPlace() {
    long wait = (long) Math.ceil(seconds);
    return Duration.ofSeconds(Math.max(SHORTEST_SECONDS, Math.min(wait, LONGEST_SECONDS)));
  }
}

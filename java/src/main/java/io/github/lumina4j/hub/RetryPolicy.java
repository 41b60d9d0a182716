package io.github.lumina4j.hub;

import java.time.Duration;

/**
 * How patient a pull is.
 *
 * @param attempts in a row that bring nothing, until it gives up
 * @param firstPause before the second attempt; each further one is twice as long
 * @param longestPause at most
 * @param longestRetryAfter what a server may ask for; more is as good as a refusal
 * @param stall without a byte, until a connection counts as cut
 */
record RetryPolicy(
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration longestRetryAfter,
    Duration stall) {
  static final RetryPolicy USUAL =
      new RetryPolicy(
          6,
          Duration.ofMillis(500),
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          Duration.ofSeconds(30));
}

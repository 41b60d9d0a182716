package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;

/** How fast codes are chosen, and how long the rest will take. */
final class Pace {
  private Progress first;
  private Progress last;

  /** Takes note of a step of {@link Progress.Phase#DECODE}. */
  void step(Progress progress) {
    if (first == null) {
      first = progress;
    }
    last = progress;
  }

  /** Tokens per second since the first step; 0 until there is anything to measure. */
  double tokensPerSecond() {
    if (first == null) {
      return 0;
    }
    double seconds = last.seconds() - first.seconds();
    return seconds > 0 ? (last.tokensDone() - first.tokensDone()) / seconds : 0;
  }

  /** Seconds to the last token at this pace; negative if unknown. */
  double secondsLeft() {
    double pace = tokensPerSecond();
    return pace > 0 && last.tokensTotal() > 0
        ? (last.tokensTotal() - last.tokensDone()) / pace
        : -1;
  }
}

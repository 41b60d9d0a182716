package io.github.lumina4j.cli;

import io.github.lumina4j.Progress;

/** How fast a count goes up, and how long the rest will take. */
final class Pace {
  private record Mark(double seconds, long done, long total) {}

  private Mark first;
  private Mark last;

  /** Takes note of a step of {@link Progress.Phase#DECODE}: the tokens of all its pictures. */
  void step(Progress progress) {
    int pictures = progress.pictures();
    step(progress.seconds(), pictures * progress.tokensDone(), pictures * progress.tokensTotal());
  }

  /** Takes note that {@code done} of {@code total} (0 if unknown) were done by a time. */
  void step(double seconds, long done, long total) {
    last = new Mark(seconds, done, total);
    if (first == null) {
      first = last;
    }
  }

  /** How many per second since the first step; 0 until there is anything to measure. */
  double perSecond() {
    if (first == null) {
      return 0;
    }
    double seconds = last.seconds() - first.seconds();
    return seconds > 0 ? (last.done() - first.done()) / seconds : 0;
  }

  /** Seconds to the end at this pace; negative if unknown. */
  double secondsLeft() {
    double pace = perSecond();
    return pace > 0 && last.total() > 0 ? (last.total() - last.done()) / pace : -1;
  }
}

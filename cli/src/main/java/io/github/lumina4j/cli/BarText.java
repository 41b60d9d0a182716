package io.github.lumina4j.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The line of a progress bar, with as much as the width has room for: first the bar gets shorter,
 * then the message goes, the time that has passed, the bar, and the title.
 */
record BarText(String title, String unit) {
  private static final int LEAST_BAR = 8;
  private static final int MOST_BAR = 60;
  private static final String MOVING = "|/-\\";
  private static final double TURNS_PER_SECOND = 4;

  /**
   * The line, at most {@code width} characters.
   *
   * @param total 0 if not known
   * @param left seconds to the end; negative if not known
   * @param message may be empty
   */
  String fit(long done, long total, double passed, double left, String message, int width) {
    String percent = total > 0 ? Math.min(100, 100 * done / total) + "%" : moving(passed);
    String count = total > 0 ? done + "/" + total + " " + unit : done > 0 ? done + " " + unit : "";
    String rest = left < 0 ? "" : time(left) + " left";
    String full = left < 0 ? time(passed) : time(passed) + " / " + time(left) + " left";
    List<List<String>> choices =
        List.of(
            List.of(count, full, message),
            List.of(count, full),
            List.of(count, rest.isEmpty() ? full : rest));
    String head = title + " " + percent;
    for (List<String> choice : choices) {
      String tail = join(choice);
      int room = width - head.length() - tail.length() - 4;
      if (total > 0 && room >= LEAST_BAR) {
        return head + " [" + bar(done, total, Math.min(room, MOST_BAR)) + "] " + tail;
      }
      if (total <= 0 && head.length() + 1 + tail.length() <= width) {
        return head + " " + tail;
      }
    }
    String plain = head + " " + join(List.of(count, rest));
    if (plain.length() <= width) {
      return plain;
    }
    String least = percent + " " + join(List.of(count, rest));
    return least.length() <= width
        ? least
        : percent.substring(0, Math.min(width, percent.length()));
  }

  private static String moving(double passed) {
    return "" + MOVING.charAt((int) (passed * TURNS_PER_SECOND) % MOVING.length());
  }

  private static String join(List<String> parts) {
    List<String> there = new ArrayList<>(parts);
    there.removeIf(part -> part == null || part.isEmpty());
    return String.join(", ", there);
  }

  private static String bar(long done, long total, int cells) {
    int full = (int) (cells * Math.min(done, total) / total);
    return "=".repeat(full) + (full < cells ? ">" + " ".repeat(cells - full - 1) : "");
  }

  private static String time(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }
}

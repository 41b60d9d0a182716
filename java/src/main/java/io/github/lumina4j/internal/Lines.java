package io.github.lumina4j.internal;

/** Texts from outside, as parts of messages. */
public final class Lines {
  private Lines() {}

  /** The beginning of {@code text}, at most {@code most} characters and dots, on one line. */
  public static String shorten(String text, int most) {
    String line = text.strip().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    return line.length() <= most ? line : line.substring(0, most) + "...";
  }
}

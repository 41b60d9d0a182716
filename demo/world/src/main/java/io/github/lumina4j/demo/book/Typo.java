package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Slips of the fingers. */
final class Typo {
  private static final int LONG_ENOUGH = 4;
  private static final int KINDS = 3;

  private Typo() {}

  /**
   * The text with one slip in a word of at least four letters: two letters exchanged, one left out,
   * or one typed twice. Never the first letter. Without such a word, the text as it is.
   */
  static String in(String text, SplitMix random) {
    List<Integer> places = places(text);
    if (places.isEmpty()) {
      return text;
    }
    return slip(text, random.pick(places), random.nextInt(KINDS));
  }

  /** The text with each slip that {@link #in} may make. */
  static Stream<String> all(String text) {
    return places(text).stream()
        .flatMap(at -> IntStream.range(0, KINDS).mapToObj(kind -> slip(text, at, kind)));
  }

  private static String slip(String text, int at, int kind) {
    String before = text.substring(0, at);
    String after = text.substring(at + 2);
    char first = text.charAt(at);
    char second = text.charAt(at + 1);
    return switch (kind) {
      case 0 -> before + second + first + after;
      case 1 -> before + second + after;
      default -> before + first + first + second + after;
    };
  }

  /** The letters that are neither the first nor the last of a long word. */
  private static List<Integer> places(String text) {
    List<Integer> places = new ArrayList<>();
    int start = 0;
    for (int end = 0; end <= text.length(); end++) {
      if (end == text.length() || !Character.isLetter(text.charAt(end))) {
        if (end - start >= LONG_ENOUGH) {
          for (int i = start + 1; i < end - 1; i++) {
            places.add(i);
          }
        }
        start = end + 1;
      }
    }
    return places;
  }
}

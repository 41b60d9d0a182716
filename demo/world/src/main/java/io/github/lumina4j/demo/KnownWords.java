package io.github.lumina4j.demo;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds words, and phrases of several words, in texts. Immutable. */
public final class KnownWords {
  private final Set<List<String>> phrases = new HashSet<>();
  private final int longest;

  /** Of these words and phrases; their case does not matter. */
  public KnownWords(Collection<String> phrases) {
    phrases.forEach(phrase -> this.phrases.add(words(phrase)));
    this.phrases.remove(List.<String>of());
    this.longest = this.phrases.stream().mapToInt(List::size).max().orElse(0);
  }

  /** Whether the text holds one of them, as whole words. */
  public boolean in(String text) {
    List<String> words = words(text);
    for (int from = 0; from < words.size(); from++) {
      for (int to = from + 1; to <= Math.min(words.size(), from + longest); to++) {
        if (phrases.contains(words.subList(from, to))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The words in lower case; whatever is no letter lies between words. */
  private static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}

package io.github.lumina4j.demo.book;

/** A word for a thing, and the word for more than one. */
public record Noun(String singular, String plural) {
  /** The one that fits the number. */
  public String of(int count) {
    return count == 1 ? singular : plural;
  }
}

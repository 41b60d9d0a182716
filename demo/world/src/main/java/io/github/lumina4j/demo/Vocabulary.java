package io.github.lumina4j.demo;

import io.github.lumina4j.demo.book.BookVocabulary;
import java.util.List;

/**
 * The words of a demo world: what a model that has learned it can be asked for. Its lists are for
 * people, each word once and in its usual form; {@link #knows} also takes plurals, synonyms and
 * other wordings. Immutable, thread-safe.
 */
public interface Vocabulary {
  /** That of {@code world}. */
  static Vocabulary of(DemoWorld world) {
    return world == DemoWorld.BOOK ? BookVocabulary.INSTANCE : ShapesVocabulary.INSTANCE;
  }

  /** What pictures can show, such as {@code pine tree}. */
  List<String> things();

  /** The colours that things can have. */
  List<String> colors();

  /** Where things can be, such as {@code meadow} and {@code night}; none if it has no places. */
  List<String> places();

  /** The plain backgrounds, such as {@code white}. */
  List<String> backgrounds();

  /** How one thing can lie to another, such as {@code left of}. */
  List<String> relations();

  /** Ten prompts to try. */
  List<String> prompts();

  /**
   * What there is, to follow "knows": {@code 85 things (cat, tree, rocket, ...), 8 colours and 10
   * places}.
   */
  String summary();

  /**
   * Whether {@code prompt} names a thing, a place or a time of day of this world, in any wording
   * that the world has. A colour, a background, a number or a relation alone says nothing of what
   * is to be drawn. If not, a model of this world draws something, but nothing that was asked for.
   */
  boolean knows(String prompt);
}

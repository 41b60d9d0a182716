package io.github.lumina4j.demo;

import java.util.List;

/**
 * The words of a demo world: what a model that learned it can be asked for. Its lists are for
 * people, each word once and in its usual form; {@link #knows} also takes plurals, synonyms and
 * other wordings. Immutable, thread-safe.
 */
public interface Vocabulary {
  /** What pictures can show, such as {@code pine tree}. */
  List<String> things();

  /** The colours that things can have. */
  List<String> colors();

  /** Where things can be, such as {@code meadow}, {@code night} and {@code plain white}. */
  List<String> places();

  /** How one thing can lie to another, such as {@code left of}. */
  List<String> relations();

  /** Ten prompts to try. */
  List<String> prompts();

  /**
   * The size of the world in a few words, to follow "knows": {@code 85 things (cat, tree, rocket,
   * ...), 8 colours and 15 places}.
   */
  String summary();

  /**
   * Whether a prompt or an instruction holds at least one word of this world: a thing, a colour, a
   * place or a time of day, in any wording that the world has, in capitals or not. Numbers, sizes,
   * relations and all other words say nothing about it. If not, a model of this world draws
   * something, but nothing that was asked for.
   */
  boolean knows(String prompt);
}

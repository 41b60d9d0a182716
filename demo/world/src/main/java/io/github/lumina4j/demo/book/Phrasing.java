package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.SplitMix;
import java.util.List;

/**
 * Which of several wordings a text takes. {@link #USUAL} takes the first of each; {@link #varied}
 * draws them, as people write: with and without articles, in digits, with synonyms. Not thread-safe
 * if drawn.
 */
public final class Phrasing {
  /** The plain wording: with articles, in lower case, without synonyms. */
  public static final Phrasing USUAL = new Phrasing(null);

  // How often, of all texts.
  private static final double NO_ARTICLES = 0.15;
  private static final double DIGITS = 0.2;
  private static final double CAPITAL = 0.3;
  private static final double FULL_STOP = 0.5; // of those that begin with a capital
  private static final double TYPO = 0.02;
  // How often the usual wording is taken where there are others.
  private static final double FIRST = 0.55;

  private final SplitMix random;
  private final boolean articles;
  private final boolean digits;

  private Phrasing(SplitMix random) {
    this.random = random;
    this.articles = random == null || !random.chance(NO_ARTICLES);
    this.digits = random != null && random.chance(DIGITS);
  }

  /** A wording of one text, drawn at random. */
  public static Phrasing varied(SplitMix random) {
    return new Phrasing(random);
  }

  /** Whether the text has articles. */
  boolean articles() {
    return articles;
  }

  /** Whether numbers are digits. */
  boolean digits() {
    return digits;
  }

  /** One of the wordings, of which the first is the usual one. */
  <T> T pick(List<T> wordings) {
    if (random == null || wordings.size() == 1 || random.chance(FIRST)) {
      return wordings.get(0);
    }
    return wordings.get(1 + random.nextInt(wordings.size() - 1));
  }

  /** True with that probability; the usual wording has it never. */
  boolean chance(double probability) {
    return random != null && random.chance(probability);
  }

  /** The finished text: sometimes as a sentence, one in fifty with a typing error. */
  String finish(String text) {
    String finished = text;
    if (chance(TYPO)) {
      finished = Typo.in(finished, random);
    }
    if (chance(CAPITAL)) {
      finished = Character.toUpperCase(finished.charAt(0)) + finished.substring(1);
      finished += chance(FULL_STOP) ? "." : "";
    }
    return finished;
  }
}

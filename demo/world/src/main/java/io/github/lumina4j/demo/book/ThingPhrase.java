package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.ObjectColor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Things as a caption names them: {@code a large red car}, {@code three cats}. What it leaves
 * unsaid is null.
 *
 * @param count how many, 1 to {@link BookScene#MAX_THINGS}
 * @param color null if unsaid, or if the thing has just its own colours
 * @param size null if unsaid
 */
public record ThingPhrase(int count, Thing thing, ObjectColor color, ThingSize size) {
  private static final List<String> NUMBERS = List.of("two", "three", "four", "five");
  // There is one of each, and people say so.
  private static final Set<String> THE_ONLY = Set.of("sun", "moon");

  /**
   * @throws IllegalArgumentException if the count is out of range, or the thing has no such colours
   */
  public ThingPhrase {
    Objects.requireNonNull(thing, "thing");
    if (count < 1 || count > BookScene.MAX_THINGS) {
      throw new IllegalArgumentException(count + " things in a caption");
    }
    if (color != null && !thing.colored()) {
      throw new IllegalArgumentException("a " + color.word() + " " + thing);
    }
  }

  /** One thing of that name. */
  public static ThingPhrase of(ThingName name) {
    return new ThingPhrase(1, name.thing(), name.color(), null);
  }

  /** Whether a thing of that name and size may be meant. */
  public boolean matches(ThingName name, ThingSize otherSize) {
    return thing.equals(name.thing())
        && (color == null || color == name.color())
        && (size == null || size == otherSize);
  }

  /** The usual words, such as {@code an orange car}. */
  public String text() {
    return text(Phrasing.USUAL);
  }

  /** The words in that phrasing. */
  String text(Phrasing phrasing) {
    String text = noun(phrasing);
    if (count > 1) {
      return (phrasing.digits() ? Integer.toString(count) : NUMBERS.get(count - 2)) + " " + text;
    }
    if (!phrasing.articles()) {
      return text;
    }
    boolean only = THE_ONLY.contains(text);
    return (only && phrasing.chance(0.5) ? "the" : article(text)) + " " + text;
  }

  /** The words for one that is there already, in that phrasing: {@code the orange car}. */
  String definite(Phrasing phrasing) {
    return (phrasing.articles() ? "the " : "") + noun(phrasing);
  }

  /** The words without article and number. */
  private String noun(Phrasing phrasing) {
    List<String> words = new ArrayList<>();
    if (size != null) {
      words.add(phrasing.pick(sizeWords(size)));
    }
    if (color != null) {
      words.add(phrasing.pick(ColorWords.of(color)));
    }
    words.add(phrasing.pick(thing.nouns()).of(count));
    return String.join(" ", words);
  }

  private static List<String> sizeWords(ThingSize size) {
    return size == ThingSize.SMALL
        ? List.of("small", "little", "tiny")
        : List.of("large", "big", "huge");
  }

  /** The indefinite article before these words. */
  static String article(String words) {
    boolean spokenAsYou = words.startsWith("uni") || words.startsWith("ufo");
    return "aeiou".indexOf(words.charAt(0)) < 0 || spokenAsYou ? "a" : "an";
  }
}

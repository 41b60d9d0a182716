package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a caption says, as data: checks read this, models read {@link #text}.
 *
 * @param things in the order of the text; all that the scene holds
 * @param relation of the first thing to the second; null unless the category is {@link
 *     Category#POSITION}
 * @param place null if unsaid
 * @param night whether it says that it is night; if not, it is day
 */
public record BookCaption(
    Category category,
    List<ThingPhrase> things,
    BookRelation relation,
    Place place,
    boolean night) {
  static final List<String> AT_NIGHT =
      List.of("at night", "by night", "in the dark", "in the moonlight");
  static final List<String> BY_DAY = List.of("by day", "during the day");
  private static final List<String> OPENINGS =
      List.of(
          "",
          "a picture of ",
          "draw ",
          "a drawing of ",
          "an image of ",
          "show me ",
          "a photo of ",
          "please draw ",
          "picture of ");
  private static final List<String> BETWEEN_TWO = List.of(" and ", " and ", " with ", ", ");
  private static final List<String> BEFORE_LAST = List.of(" and ", ", and ");
  private static final double PLACE_FIRST = 0.1;
  private static final double DAY_SAID = 0.05;

  /**
   * @throws IllegalArgumentException if nothing is named, a relation is missing or one too many, or
   *     the place has no night
   */
  public BookCaption {
    Objects.requireNonNull(category, "category");
    things = List.copyOf(things);
    if (things.isEmpty()) {
      throw new IllegalArgumentException("a caption without things");
    }
    if ((relation != null) != (category == Category.POSITION)
        || (relation != null && things.size() != 2)) {
      throw new IllegalArgumentException(
          "relation " + relation + " between " + things.size() + " things: " + category.id());
    }
    if (night && place != null && !place.hasNight()) {
      throw new IllegalArgumentException("no night " + place.words().get(0));
    }
  }

  /** The usual words, such as {@code a fox below a tree at night}. */
  public String text() {
    return text(Phrasing.USUAL);
  }

  /** The words in that phrasing. */
  public String text(Phrasing phrasing) {
    List<String> named = things.stream().map(thing -> thing.text(phrasing)).toList();
    String what =
        relation == null
            ? joined(named, phrasing)
            : named.get(0) + " " + phrasing.pick(relation.words()) + " " + named.get(1);
    List<String> where = new ArrayList<>();
    if (place != null) {
      where.add(phrasing.pick(place.words(things.stream().map(ThingPhrase::thing).toList())));
    }
    if (night) {
      where.add(phrasing.pick(AT_NIGHT));
    } else if ((place == null || place.hasNight()) && phrasing.chance(DAY_SAID)) {
      where.add(phrasing.pick(BY_DAY));
    }
    if (where.isEmpty()) {
      return phrasing.finish(phrasing.pick(OPENINGS) + what);
    }
    String there = String.join(" ", where);
    return phrasing.finish(
        phrasing.chance(PLACE_FIRST)
            ? there + ", " + what
            : phrasing.pick(OPENINGS) + what + " " + there);
  }

  private static String joined(List<String> named, Phrasing phrasing) {
    int last = named.size() - 1;
    if (last == 0) {
      return named.get(0);
    }
    String joint = phrasing.pick(last == 1 ? BETWEEN_TWO : BEFORE_LAST);
    return String.join(", ", named.subList(0, last)) + joint + named.get(last);
  }
}

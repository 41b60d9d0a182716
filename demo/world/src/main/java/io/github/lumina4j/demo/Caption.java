package io.github.lumina4j.demo;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a caption says, as data: checks read this, models read {@link #text}.
 *
 * @param objects in the order of the text; all that the scene holds
 * @param relation of the first object to the second; null unless the category is {@link
 *     Category#POSITION}
 * @param background null if unsaid
 */
public record Caption(
    Category category, List<ObjectPhrase> objects, Relation relation, Background background) {

  /**
   * @throws IllegalArgumentException if there is no object, or a relation is missing or too many
   */
  public Caption {
    Objects.requireNonNull(category, "category");
    objects = List.copyOf(objects);
    if (objects.isEmpty()) {
      throw new IllegalArgumentException("a caption without objects");
    }
    if ((relation != null) != (category == Category.POSITION)
        || (relation != null && objects.size() != 2)) {
      throw new IllegalArgumentException(
          "relation " + relation + " between " + objects.size() + " objects: " + category.id());
    }
  }

  /** The words, in lower case and without a full stop: {@code a star left of a heart}. */
  public String text() {
    String text;
    if (relation != null) {
      text = objects.get(0).text() + " " + relation.words() + " " + objects.get(1).text();
    } else {
      int last = objects.size() - 1;
      String before =
          objects.subList(0, last).stream()
              .map(ObjectPhrase::text)
              .collect(Collectors.joining(", "));
      text =
          before.isEmpty() ? objects.get(last).text() : before + " and " + objects.get(last).text();
    }
    return background == null ? text : text + " on a " + background.word() + " background";
  }

  /** The words as a sentence, with a capital letter and a full stop. */
  public String sentence() {
    String text = text();
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}

package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What tells a thing of a scene from the others: {@code red car}, {@code cat}.
 *
 * @param color null exactly if the thing has just its own colours
 */
public record ThingName(Thing thing, ObjectColor color) {
  private static final List<ThingName> ALL = enumerate();

  /**
   * @throws IllegalArgumentException if a colour is missing or one too many
   */
  public ThingName {
    Objects.requireNonNull(thing, "thing");
    if (thing.colored() != (color != null)) {
      throw new IllegalArgumentException("a " + thing + " of colour " + color);
    }
  }

  /** Every thing in every colour it comes in. */
  public static List<ThingName> all() {
    return ALL;
  }

  /** That thing, in any of its colours. */
  public static ThingName any(SplitMix random, Thing thing) {
    return new ThingName(thing, thing.colored() ? random.pick(ObjectColor.class) : null);
  }

  private static List<ThingName> enumerate() {
    List<ThingName> names = new ArrayList<>();
    for (Thing thing : Things.all()) {
      if (thing.colored()) {
        Arrays.stream(ObjectColor.values())
            .forEach(color -> names.add(new ThingName(thing, color)));
      } else {
        names.add(new ThingName(thing, null));
      }
    }
    return List.copyOf(names);
  }

  @Override
  public String toString() {
    return color == null ? thing.name() : color.word() + " " + thing.name();
  }
}

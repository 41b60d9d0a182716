package io.github.lumina4j.demo.book;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a picture of the book shows: things in a place. Boxes have no cell in common.
 *
 * @param night whether it is night; only where the place has one
 * @param things at most {@value #MAX_THINGS}, kept from top to bottom, then from left to right
 */
public record BookScene(Place place, boolean night, List<PlacedThing> things) {
  /** The side of a cell in pixels: one code of the image tokenizer. */
  public static final int CELL = 8;

  /** The side of the picture in cells. */
  public static final int CELLS = 16;

  /** The side of the picture in pixels. */
  public static final int PIXELS = CELL * CELLS;

  /** The most things in a scene. */
  public static final int MAX_THINGS = 5;

  private static final Comparator<PlacedThing> ORDER =
      Comparator.comparingInt(PlacedThing::cellY).thenComparingInt(PlacedThing::cellX);

  /**
   * @throws IllegalArgumentException if there are too many things, two are too close, one does not
   *     fit the place, or the place has no night
   */
  public BookScene {
    Objects.requireNonNull(place, "place");
    things = things.stream().sorted(ORDER).toList();
    if (things.size() > MAX_THINGS) {
      throw new IllegalArgumentException(things.size() + " things; at most " + MAX_THINGS + " fit");
    }
    if (night && !place.hasNight()) {
      throw new IllegalArgumentException("no night " + place.words().get(0));
    }
    for (int i = 0; i < things.size(); i++) {
      if (!Positions.allowed(place, things.get(i))) {
        throw new IllegalArgumentException(things.get(i) + " cannot be " + place.words().get(0));
      }
      for (PlacedThing other : things.subList(0, i)) {
        if (!things.get(i).clearOf(other)) {
          throw new IllegalArgumentException("no room between " + things.get(i) + " and " + other);
        }
      }
    }
  }

  /**
   * The thing of that name.
   *
   * @throws IllegalArgumentException if there is not exactly one
   */
  public PlacedThing named(ThingName name) {
    List<PlacedThing> found = things.stream().filter(t -> t.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "'the " + name + "' names " + found.size() + " things of the scene, not one");
    }
    return found.get(0);
  }

  /** Whether there is room for the thing: it fits the place and is clear of all others. */
  public boolean hasRoomFor(PlacedThing thing) {
    return things.size() < MAX_THINGS
        && Positions.allowed(place, thing)
        && things.stream().allMatch(thing::clearOf);
  }

  /**
   * This scene with one thing more.
   *
   * @throws IllegalArgumentException if there is no room for it
   */
  public BookScene with(PlacedThing thing) {
    List<PlacedThing> more = new ArrayList<>(things);
    more.add(thing);
    return new BookScene(place, night, more);
  }

  /** This scene without a thing. */
  public BookScene without(PlacedThing thing) {
    return new BookScene(
        place, night, things.stream().filter(other -> !other.equals(thing)).toList());
  }

  /** The names of all things. */
  public List<ThingName> names() {
    return things.stream().map(PlacedThing::name).toList();
  }
}

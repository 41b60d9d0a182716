package io.github.lumina4j.demo.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where things may be in a place. On the ground, what is far stands higher: small things from the
 * far end on, large ones from the middle on. What flies is above the ground, sun and clouds higher
 * still; space and plain backgrounds have room everywhere.
 */
public final class Positions {
  // How far the lower side of a box may reach below the far end of the ground when flying.
  private static final int AIR_OVERLAP = 2;
  // The rows of the sky, for what is high up; a large thing has all there are from the top.
  private static final int SKY_ROWS = 6;
  // The first row that a large thing stands on.
  private static final int LARGE_FOOT = 11;
  // The last row that a small thing stands on.
  private static final int SMALL_FOOT = 15;

  private Positions() {}

  /** Whether the thing may be where it is. */
  public static boolean allowed(Place place, PlacedThing thing) {
    Habitat habitat = thing.name().thing().habitat();
    if (!place.hasGround()) {
      return thing.airborne() == (place == Place.SPACE || !habitat.stands());
    }
    if (thing.airborne()) {
      int last =
          habitat == Habitat.SKY
              ? Math.max(SKY_ROWS, thing.size().cells())
              : place.groundTop() + AIR_OVERLAP;
      return habitat.flies() && thing.foot() <= last;
    }
    if (!habitat.stands() || thing.foot() <= place.groundTop()) {
      return false;
    }
    return thing.size() == ThingSize.LARGE
        ? thing.foot() >= LARGE_FOOT
        : thing.foot() <= SMALL_FOOT;
  }

  /**
   * The thing at the same position in another place: in the air or on the ground as before if that
   * can be, else the other way round; none if it cannot be there at all.
   */
  static Optional<PlacedThing> in(Place place, PlacedThing thing) {
    PlacedThing other =
        new PlacedThing(
            thing.name(), thing.size(), !thing.airborne(), thing.cellX(), thing.cellY());
    return Stream.of(thing, other).filter(there -> allowed(place, there)).findFirst();
  }

  /** The thing in that size at every position of the place that it may have and the test allows. */
  static List<PlacedThing> all(
      Place place, ThingName name, ThingSize size, Predicate<PlacedThing> test) {
    List<PlacedThing> positions = new ArrayList<>();
    int last = BookScene.CELLS - size.cells();
    for (boolean airborne : new boolean[] {false, true}) {
      for (int y = 0; y <= last; y++) {
        for (int x = 0; x <= last; x++) {
          PlacedThing there = new PlacedThing(name, size, airborne, x, y);
          if (allowed(place, there) && test.test(there)) {
            positions.add(there);
          }
        }
      }
    }
    return positions;
  }
}

package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Edit.Direction;
import io.github.lumina4j.demo.ObjectColor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One change of a scene that leaves everything else as it is. Things are meant by their names, so a
 * name must fit exactly one thing of the scene.
 */
public sealed interface BookEdit {
  /** How far {@link Move} moves, in cells. */
  int MOVE_CELLS = 4;

  /** How often a colour is left out that is not needed to tell things apart. */
  double COLOR_UNSAID = 0.5;

  /**
   * The scene after the change.
   *
   * @throws IllegalArgumentException if a name does not fit exactly one thing, or there is no room
   */
  BookScene apply(BookScene scene);

  /**
   * What a user would say, such as {@code make the red car green}.
   *
   * @param scene the scene before the edit: where it has one car, {@code the car} will do
   */
  String instruction(Phrasing phrasing, BookScene scene);

  /** What the changed thing is called before the change, or after it if new; none of places. */
  Optional<ThingName> target();

  /** The thing gets another colour. */
  record Recolour(ThingName thing, ObjectColor color) implements BookEdit {
    @Override
    public BookScene apply(BookScene scene) {
      PlacedThing placed = scene.named(thing);
      return scene.without(placed).with(placed.as(new ThingName(thing.thing(), color)));
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      String the = the(thing, phrasing, scene);
      String hue = phrasing.pick(ColorWords.of(color));
      return phrasing.pick(
          List.of(
              "make " + the + " " + hue,
              "paint " + the + " " + hue,
              "colour " + the + " " + hue,
              "color " + the + " " + hue,
              "turn " + the + " " + hue,
              "change the colour of " + the + " to " + hue));
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.of(thing);
    }
  }

  /**
   * A new thing.
   *
   * @param thing the thing where it will be; the instruction says only what it is
   * @param relation where it is seen from {@code anchor}; null if unsaid
   * @param anchor a thing of the scene; null exactly if the relation is
   */
  record Add(PlacedThing thing, BookRelation relation, ThingName anchor) implements BookEdit {
    /**
     * @throws IllegalArgumentException if only one of relation and anchor is given
     */
    public Add {
      Objects.requireNonNull(thing, "thing");
      if ((relation == null) != (anchor == null)) {
        throw new IllegalArgumentException("relation " + relation + " to " + anchor);
      }
    }

    @Override
    public BookScene apply(BookScene scene) {
      if (relation != null && !relation.holds(thing, scene.named(anchor))) {
        throw new IllegalArgumentException(
            thing + " is not " + relation.words().get(0) + " the " + anchor);
      }
      return scene.with(thing);
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      String what = ThingPhrase.of(thing.name()).text(phrasing);
      String added = phrasing.pick(List.of("add", "put in", "insert", "draw")) + " " + what;
      return relation == null
          ? added
          : added + " " + phrasing.pick(relation.words()) + " " + the(anchor, phrasing, scene);
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.of(thing.name());
    }
  }

  /** The thing vanishes. */
  record Remove(ThingName thing) implements BookEdit {
    @Override
    public BookScene apply(BookScene scene) {
      return scene.without(scene.named(thing));
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      return phrasing.pick(List.of("remove", "take away", "delete", "get rid of", "erase"))
          + " "
          + the(thing, phrasing, scene);
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.of(thing);
    }
  }

  /** The thing goes {@value #MOVE_CELLS} cells in a direction. */
  record Move(ThingName thing, Direction direction) implements BookEdit {
    @Override
    public BookScene apply(BookScene scene) {
      PlacedThing placed = scene.named(thing);
      int x = placed.cellX() + direction.dx() * MOVE_CELLS;
      int y = placed.cellY() + direction.dy() * MOVE_CELLS;
      return scene.without(placed).with(placed.at(x, y));
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      boolean aside = direction.dy() == 0;
      String to = aside && phrasing.chance(0.4) ? "to the " : "";
      return "move " + the(thing, phrasing, scene) + " " + to + direction.word();
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.of(thing);
    }
  }

  /** Another thing comes where the thing was. */
  record Replace(ThingName thing, ThingName by) implements BookEdit {
    @Override
    public BookScene apply(BookScene scene) {
      PlacedThing placed = scene.named(thing);
      return scene.without(placed).with(placed.as(by));
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      String the = the(thing, phrasing, scene);
      String other = ThingPhrase.of(by).text(phrasing);
      return phrasing.pick(
          List.of(
              "replace " + the + " with " + other,
              "turn " + the + " into " + other,
              "change " + the + " into " + other,
              "swap " + the + " for " + other));
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.of(thing);
    }
  }

  /** Everything is somewhere else; it stays night if there is one. */
  record ChangePlace(Place place) implements BookEdit {
    @Override
    public BookScene apply(BookScene scene) {
      List<PlacedThing> things = new ArrayList<>();
      for (PlacedThing thing : scene.things()) {
        things.add(
            Positions.in(place, thing)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            thing + " cannot be " + place.words().get(0))));
      }
      return new BookScene(place, scene.night() && place.hasNight(), things);
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      List<Thing> things = scene.things().stream().map(t -> t.name().thing()).toList();
      String put = things.size() == 1 ? "put it " : "put everything ";
      String noun = phrasing.pick(place.nouns());
      // Not picked among: a plain place has wordings that need a thing before them.
      String there = place.plain() ? place.words().get(0) : phrasing.pick(place.words(things));
      return phrasing.pick(
          List.of(
              "change the background to " + noun,
              "make the background " + noun,
              (place.plain() ? "change the background color to " : "change the place to ") + noun,
              put + there));
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.empty();
    }
  }

  /** It becomes night, or day. */
  record ChangeLight(boolean night) implements BookEdit {
    private static final List<String> TO_NIGHT =
        List.of("make it night", "turn day into night", "make it dark", "change it to night");
    private static final List<String> TO_DAY =
        List.of("make it day", "turn night into day", "make it light", "change it to day");

    @Override
    public BookScene apply(BookScene scene) {
      return new BookScene(scene.place(), night, scene.things());
    }

    @Override
    public String instruction(Phrasing phrasing, BookScene scene) {
      return phrasing.pick(night ? TO_NIGHT : TO_DAY);
    }

    @Override
    public Optional<ThingName> target() {
      return Optional.empty();
    }
  }

  /** The thing as one points at it; half the time without its colour, where that is clear. */
  private static String the(ThingName name, Phrasing phrasing, BookScene scene) {
    boolean only = scene.names().stream().filter(n -> n.thing().equals(name.thing())).count() == 1;
    boolean unsaid = only && phrasing.chance(COLOR_UNSAID);
    return new ThingPhrase(1, name.thing(), unsaid ? null : name.color(), null).definite(phrasing);
  }
}

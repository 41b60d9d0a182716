package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Edit.Direction;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws scenes and edits of them at random; every scene on the way is of one {@link Split}. */
public final class BookEditSampler {
  // How often scenes have one, two, three and four things at first.
  private static final int[] THINGS = {3, 5, 4, 2};

  private enum Kind {
    RECOLOUR,
    ADD,
    REMOVE,
    MOVE,
    REPLACE,
    PLACE,
    LIGHT
  }

  private final Split split;
  private final BookSceneSampler scenes;
  private final int mostThings;

  /**
   * @param mostThings how many things a scene has at first, at most; 1 to 4
   */
  public BookEditSampler(Split split, int mostThings) {
    this.split = split;
    this.scenes = new BookSceneSampler(split);
    this.mostThings = mostThings;
  }

  /**
   * A scene and that many edits, one after the other. Each changes something else, and none speaks
   * of a thing that an earlier one has changed.
   *
   * @param length 1 or 2
   * @throws IllegalArgumentException if the length is out of range
   */
  public BookEditChain draw(SplitMix random, int length) {
    if (length < 1 || length > 2) {
      throw new IllegalArgumentException("a chain of " + length + " edits");
    }
    // Before the scene, so that kinds which seldom fit are no less frequent.
    List<Kind> kinds = new ArrayList<>();
    while (kinds.size() < length) {
      Kind kind = random.pick(Kind.class);
      boolean whole = kind == Kind.PLACE || kind == Kind.LIGHT;
      if (!whole || !kinds.contains(kind)) {
        kinds.add(kind);
      }
    }
    Optional<BookEditChain> drawn = Optional.empty();
    while (drawn.isEmpty()) {
      int things = Math.min(mostThings, 1 + random.weighted(THINGS));
      BookScene before = scenes.draw(random, things);
      drawn = Optional.of(new BookEditChain(before, List.of()));
      for (Kind kind : kinds) {
        drawn = drawn.flatMap(chain -> tryLonger(random, chain, kind));
      }
    }
    return drawn.get();
  }

  private Optional<BookEditChain> tryLonger(SplitMix random, BookEditChain chain, Kind kind) {
    BookScene scene = chain.after();
    List<ThingName> untouched = new ArrayList<>(scene.names());
    untouched.retainAll(chain.before().names());
    chain.edits().forEach(edit -> edit.target().ifPresent(untouched::remove));
    return tryEdit(random, scene, untouched, kind)
        .filter(edit -> fits(edit, scene) && comesAnew(edit, chain))
        .map(chain::then);
  }

  /** Whether the edit can be made, and leaves a scene of the split with a name for each thing. */
  private boolean fits(BookEdit edit, BookScene scene) {
    BookScene after;
    try {
      after = edit.apply(scene);
    } catch (IllegalArgumentException e) {
      return false; // no room there
    }
    boolean sunAtNight =
        after.night() && after.names().stream().anyMatch(name -> name.thing().dayOnly());
    return !sunAtNight
        && split.containsContent(after.names())
        && after.names().stream().distinct().count() == after.things().size();
  }

  /** Whether the edit brings nothing that an earlier one has taken away. */
  private static boolean comesAnew(BookEdit edit, BookEditChain chain) {
    List<ThingName> names = edit.apply(chain.after()).names();
    return chain.before().names().stream()
        .filter(names::contains)
        .allMatch(chain.after().names()::contains);
  }

  private static Optional<BookEdit> tryEdit(
      SplitMix random, BookScene scene, List<ThingName> names, Kind kind) {
    return switch (kind) {
      case ADD -> tryAdd(random, scene, names);
      case PLACE ->
          Optional.of(random.pick(Place.class))
              .filter(place -> place != scene.place())
              .map(BookEdit.ChangePlace::new);
      case LIGHT ->
          scene.place().hasNight()
              ? Optional.of(new BookEdit.ChangeLight(!scene.night()))
              : Optional.empty();
      default -> names.isEmpty() ? Optional.empty() : tryChange(random, scene, names, kind);
    };
  }

  private static Optional<BookEdit> tryChange(
      SplitMix random, BookScene scene, List<ThingName> names, Kind kind) {
    ThingName target = random.pick(names);
    return switch (kind) {
      case RECOLOUR ->
          Optional.of(random.pick(ObjectColor.class))
              .filter(color -> target.color() != null && color != target.color())
              .map(color -> new BookEdit.Recolour(target, color));
      case REMOVE ->
          scene.things().size() < 2 ? Optional.empty() : Optional.of(new BookEdit.Remove(target));
      case REPLACE ->
          Optional.of(ThingName.any(random, random.pick(Things.all())))
              .filter(by -> !by.thing().equals(target.thing()))
              .map(by -> new BookEdit.Replace(target, by));
      default -> Optional.of(new BookEdit.Move(target, random.pick(Direction.class)));
    };
  }

  private static Optional<BookEdit> tryAdd(
      SplitMix random, BookScene scene, List<ThingName> names) {
    ThingName name = ThingName.any(random, random.pick(Things.all()));
    boolean related = random.chance(0.5) && !names.isEmpty();
    BookRelation relation = related ? random.pick(BookRelation.class) : null;
    ThingName anchor = related ? random.pick(names) : null;
    List<PlacedThing> positions =
        Positions.all(
            scene.place(),
            name,
            random.pick(ThingSize.class),
            there ->
                scene.hasRoomFor(there)
                    && (!related || relation.holds(there, scene.named(anchor))));
    return positions.isEmpty()
        ? Optional.empty()
        : Optional.of(new BookEdit.Add(random.pick(positions), relation, anchor));
  }
}

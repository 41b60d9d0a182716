package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Draws scenes at random, of one {@link Split} only. A scene that shows a caption holds what the
 * caption says and nothing else; what it leaves unsaid is random, but natural: no whale in a wood.
 */
public final class BookSceneSampler {
  // How often the things of a caption are placed anew before another caption is drawn.
  private static final int TRIES = 8;
  // How likely a thing is small if nothing is said: alone, it had better be seen well.
  private static final double SMALL = 0.5;
  private static final double SMALL_ALONE = 0.25;
  // More large things than this find no room.
  private static final int MANY = 2;
  // How likely a place is taken that one of the things would not be found in.
  private static final double UNNATURAL = 0.05;
  // How likely a plain background is taken if that is what comes first.
  private static final double PLAIN = 0.5;
  // What is alone is at the one of so many positions that is nearest to the middle.
  private static final int DRAWS_ALONE = 3;

  // What one can be under, and is then near; it is the large one, where nothing else is said.
  private static final Set<String> SHELTERS =
      Set.of("tree", "pine tree", "palm tree", "umbrella", "mushroom");
  private static final double SHELTER_LARGE = 0.85;

  private final Split split;

  public BookSceneSampler(Split split) {
    this.split = split;
  }

  /** A caption of that category and a scene that shows it. */
  public CaptionedBookScene draw(SplitMix random, BookCaptionSampler captions, Category category) {
    while (true) {
      BookCaption caption = captions.draw(random, category);
      Optional<BookScene> scene = tryScene(random, caption);
      if (scene.isPresent()) {
        return new CaptionedBookScene(inReadingOrder(caption, scene.get()), scene.get());
      }
    }
  }

  /** A scene of that many things, no two of the same name. */
  public BookScene draw(SplitMix random, int things) {
    while (true) {
      List<ThingPhrase> phrases = new ArrayList<>();
      while (phrases.size() < things) {
        ThingPhrase phrase = ThingPhrase.of(ThingName.any(random, random.pick(Things.all())));
        if (!phrases.contains(phrase)) {
          phrases.add(phrase);
        }
      }
      boolean night =
          phrases.stream().noneMatch(phrase -> phrase.thing().dayOnly())
              && random.chance(BookCaptionSampler.TRAINING.night());
      BookCaption all = new BookCaption(Category.LIST, phrases, null, null, night);
      Optional<BookScene> scene = tryScene(random, all);
      if (scene.isPresent()) {
        return scene.get();
      }
    }
  }

  /** A scene for the caption, or none if what was drawn is of the other split or has no room. */
  public Optional<BookScene> tryScene(SplitMix random, BookCaption caption) {
    for (int i = 0; i < TRIES; i++) {
      List<Loose> loose = loose(random, caption);
      if (!split.containsContent(loose.stream().map(Loose::name).toList())) {
        return Optional.empty();
      }
      Place place = caption.place() != null ? caption.place() : place(random, caption, loose);
      BookScene empty = new BookScene(place, caption.night(), List.of());
      Optional<BookScene> scene =
          caption.relation() == null
              ? anywhere(random, empty, loose, alone(caption) ? DRAWS_ALONE : 1)
              : related(random, empty, loose.get(0), caption, loose.get(1));
      if (scene.isPresent()) {
        return scene;
      }
    }
    return Optional.empty();
  }

  /** A thing that has no place yet. */
  private record Loose(ThingName name, ThingSize size) {
    List<PlacedThing> positions(BookScene scene, Predicate<PlacedThing> test) {
      return Positions.all(
          scene.place(), name, size, thing -> scene.hasRoomFor(thing) && test.test(thing));
    }
  }

  private static List<Loose> loose(SplitMix random, BookCaption caption) {
    List<Loose> loose = new ArrayList<>();
    for (ThingPhrase phrase : caption.things()) {
      ThingName name =
          phrase.color() != null
              ? new ThingName(phrase.thing(), phrase.color())
              : ThingName.any(random, phrase.thing());
      ThingSize size = phrase.size() != null ? phrase.size() : size(random, caption, phrase);
      for (int i = 0; i < phrase.count(); i++) {
        loose.add(new Loose(name, size));
      }
    }
    return loose;
  }

  private static ThingSize size(SplitMix random, BookCaption caption, ThingPhrase phrase) {
    double small = alone(caption) ? SMALL_ALONE : SMALL;
    if (sheltered(caption)) {
      small = SHELTERS.contains(phrase.thing().name()) ? 1 - SHELTER_LARGE : SHELTER_LARGE;
    }
    return random.chance(small) || phrase.count() > MANY ? ThingSize.SMALL : ThingSize.LARGE;
  }

  /** Whether one thing is under another that it can take shelter below. */
  private static boolean sheltered(BookCaption caption) {
    BookRelation relation = caption.relation();
    if (relation != BookRelation.BELOW) {
      return false;
    }
    boolean lower = SHELTERS.contains(caption.things().get(0).thing().name());
    return !lower && SHELTERS.contains(caption.things().get(1).thing().name());
  }

  private static boolean alone(BookCaption caption) {
    return caption.things().size() == 1 && caption.things().get(0).count() == 1;
  }

  private static Place place(SplitMix random, BookCaption caption, List<Loose> loose) {
    while (true) {
      Place place = random.pick(Place.class);
      boolean fits =
          (!caption.night() || place.hasNight()) && (!place.plain() || random.chance(PLAIN));
      if (fits && loose.stream().allMatch(l -> l.name().thing().habitat().suits(place))) {
        return place;
      }
      // Nothing suits a whale, a sun and a chair: then anywhere.
      if (fits && random.chance(UNNATURAL)) {
        return place;
      }
    }
  }

  private static Optional<BookScene> anywhere(
      SplitMix random, BookScene empty, List<Loose> loose, int draws) {
    BookScene scene = empty;
    for (Loose thing : loose) {
      List<PlacedThing> positions = thing.positions(scene, there -> true);
      if (positions.isEmpty()) {
        return Optional.empty();
      }
      PlacedThing placed = random.pick(positions);
      for (int i = 1; i < draws; i++) {
        PlacedThing other = random.pick(positions);
        placed = fromMiddle(other) < fromMiddle(placed) ? other : placed;
      }
      scene = scene.with(placed);
    }
    return Optional.of(scene);
  }

  private static double fromMiddle(PlacedThing thing) {
    double middle = BookScene.PIXELS / 2.0;
    return Math.hypot(thing.centerX() - middle, thing.centerY() - middle);
  }

  private static Optional<BookScene> related(
      SplitMix random, BookScene empty, Loose a, BookCaption caption, Loose b) {
    BookRelation relation = caption.relation();
    List<PlacedThing> first = a.positions(empty, there -> true);
    List<PlacedThing> around =
        b.positions(
            empty,
            there -> first.stream().anyMatch(o -> relation.holds(o, there) && o.clearOf(there)));
    if (around.isEmpty()) {
      return Optional.empty();
    }
    BookScene scene = empty.with(random.pick(around));
    PlacedThing anchor = scene.things().get(0);
    List<PlacedThing> related = a.positions(scene, there -> relation.holds(there, anchor));
    if (sheltered(caption)) {
      int nearest = related.stream().mapToInt(PlacedThing::cellY).min().orElseThrow();
      related = related.stream().filter(thing -> thing.cellY() == nearest).toList();
    }
    return Optional.of(scene.with(random.pick(related)));
  }

  /**
   * The caption with its things in the order in which they are met from the top left to the bottom
   * right, as one would name them; a relation says itself what comes first.
   */
  private static BookCaption inReadingOrder(BookCaption caption, BookScene scene) {
    if (caption.relation() != null || caption.things().size() == 1) {
      return caption;
    }
    List<ThingPhrase> ordered =
        scene.things().stream() // which are kept in that order
            .map(thing -> phrase(caption, thing))
            .toList();
    return new BookCaption(caption.category(), ordered, null, caption.place(), caption.night());
  }

  private static ThingPhrase phrase(BookCaption caption, PlacedThing thing) {
    return caption.things().stream()
        .filter(phrase -> phrase.matches(thing.name(), thing.size()))
        .findFirst()
        .orElseThrow();
  }
}

package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.SplitMix;
import java.util.List;

/**
 * A thing alone, and a new scene with it.
 *
 * @param name what both pictures show
 * @param alone the thing alone: large, in the middle, on white or grey
 * @param target the new scene; the thing may have another size there
 */
public record BookSubject(ThingName name, BookScene alone, CaptionedBookScene target) {
  private static final List<Place> PLAIN = List.of(Place.WHITE, Place.GREY);
  // The middle, as near as the cells allow.
  private static final int MIDDLE = (BookScene.CELLS - ThingSize.LARGE.cells()) / 2;

  /** One of the things of a scene whose caption names them all, with their colours. */
  public static BookSubject of(SplitMix random, CaptionedBookScene target) {
    ThingName name = random.pick(target.scene().things()).name();
    boolean airborne = !name.thing().habitat().stands();
    PlacedThing thing = new PlacedThing(name, ThingSize.LARGE, airborne, MIDDLE, MIDDLE);
    BookScene alone = new BookScene(random.pick(PLAIN), false, List.of(thing));
    return new BookSubject(name, alone, target);
  }

  /** What the thing is called, such as {@code a red car}. */
  public String description() {
    return ThingPhrase.of(name).text();
  }
}

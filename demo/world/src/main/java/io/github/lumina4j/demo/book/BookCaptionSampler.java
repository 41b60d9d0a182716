package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws captions at random.
 *
 * @param place how likely the place is named, 0 to 1
 * @param night how likely it is night, where there may be one
 * @param size how likely a thing's size is named
 * @param color how likely a colour is named where the category leaves it open
 */
public record BookCaptionSampler(double place, double night, double size, double color) {
  /** What the demo model learns from. */
  public static final BookCaptionSampler TRAINING = new BookCaptionSampler(0.6, 0.3, 0.12, 0.6);

  /** Things, counts and relations, and no more. */
  public static final BookCaptionSampler PLAIN = new BookCaptionSampler(0, 0, 0, 0);

  /** As {@link #PLAIN}, with the colour of every thing that has one. */
  public static final BookCaptionSampler COLORED = new BookCaptionSampler(0, 0, 0, 1);

  /** As {@link #COLORED}, always with the place. */
  public static final BookCaptionSampler PLACED = new BookCaptionSampler(1, 0.3, 0, 1);

  // How likely a place is named that one would not expect a thing in, if that is what comes first.
  private static final double UNEXPECTED = 0.3;
  // How likely two different things may have the same colour.
  private static final double SAME_COLOR = 0.25;

  private static final List<Thing> COLORED_THINGS =
      Things.all().stream().filter(Thing::colored).toList();

  /** A caption of that category. */
  public BookCaption draw(SplitMix random, Category category) {
    List<ThingPhrase> phrases =
        switch (category) {
          case SINGLE_OBJECT -> phrases(random, Things.all(), 1, 1, color);
          case TWO_OBJECT -> phrases(random, Things.all(), 2, 1, color);
          case COUNTING -> phrases(random, Things.all(), 1, 2 + random.nextInt(4), color);
          case COLORS -> phrases(random, COLORED_THINGS, 1, 1, 1);
          case POSITION -> phrases(random, Things.all(), 2, 1, color);
          case COLOR_ATTR -> phrases(random, COLORED_THINGS, 2, 1, 1);
          case LIST -> phrases(random, Things.all(), 3 + random.nextInt(2), 1, color);
        };
    BookRelation relation = category == Category.POSITION ? random.pick(BookRelation.class) : null;
    List<Thing> things = phrases.stream().map(ThingPhrase::thing).toList();
    Place named = random.chance(place) ? place(random, things) : null;
    boolean dark =
        (named == null || named.hasNight())
            && things.stream().noneMatch(Thing::dayOnly)
            && random.chance(night);
    return new BookCaption(category, phrases, relation, named, dark);
  }

  private static Place place(SplitMix random, List<Thing> things) {
    while (true) {
      Place place = random.pick(Place.class);
      boolean expected = things.stream().allMatch(thing -> thing.habitat().suits(place));
      if (expected || random.chance(UNEXPECTED)) {
        return place;
      }
    }
  }

  /** Phrases that differ in the thing or its colour, mostly in both. */
  private List<ThingPhrase> phrases(
      SplitMix random, List<Thing> things, int number, int count, double colored) {
    List<ThingPhrase> phrases = new ArrayList<>();
    while (phrases.size() < number) {
      Thing thing = random.pick(things);
      ObjectColor named =
          thing.colored() && random.chance(colored) ? random.pick(ObjectColor.class) : null;
      boolean taken =
          phrases.stream()
              .anyMatch(
                  p ->
                      p.thing().equals(thing)
                          ? p.color() == null || named == null || p.color() == named
                          : p.color() != null && p.color() == named && !random.chance(SAME_COLOR));
      if (!taken) {
        ThingSize sized = random.chance(size) ? random.pick(ThingSize.class) : null;
        phrases.add(new ThingPhrase(count, thing, named, sized));
      }
    }
    return phrases;
  }
}

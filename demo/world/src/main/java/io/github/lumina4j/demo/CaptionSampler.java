package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws captions at random.
 *
 * @param background how likely the background is named, 0 to 1
 * @param size how likely an object's size is named
 * @param color how likely a colour is named where the category leaves it open: {@link
 *     Category#COUNTING} and {@link Category#POSITION}
 */
public record CaptionSampler(double background, double size, double color) {
  /** What the demo model learns from. */
  public static final CaptionSampler TRAINING = new CaptionSampler(0.5, 0.2, 0.5);

  /** The words of GenEval and no more. */
  public static final CaptionSampler PLAIN = new CaptionSampler(0, 0, 0);

  /** As {@link #PLAIN}, with every colour named. */
  public static final CaptionSampler COLORED = new CaptionSampler(0, 0, 1);

  /** A caption of that category. */
  public Caption draw(SplitMix random, Category category) {
    List<ObjectPhrase> phrases =
        switch (category) {
          case SINGLE_OBJECT -> phrases(random, 1, 1, false, true);
          case TWO_OBJECT -> phrases(random, 2, 1, false, true);
          case COUNTING ->
              phrases(
                  random, 1, 2 + random.nextInt(Scene.MAX_OBJECTS - 1), random.chance(color), true);
          case COLORS -> phrases(random, 1, 1, true, true);
          case POSITION -> phrases(random, 2, 1, random.chance(color), true);
          case COLOR_ATTR -> phrases(random, 2, 1, true, true);
          case LIST -> phrases(random, 3 + random.nextInt(Scene.MAX_OBJECTS - 2), 1, true, false);
        };
    Relation relation = category == Category.POSITION ? random.pick(Relation.class) : null;
    Background named = random.chance(background) ? random.pick(Background.class) : null;
    return new Caption(category, phrases, relation, named);
  }

  /** Phrases that differ in shape and colour, or at least in one of them. */
  private List<ObjectPhrase> phrases(
      SplitMix random, int number, int count, boolean colored, boolean differInBoth) {
    List<ObjectPhrase> phrases = new ArrayList<>();
    while (phrases.size() < number) {
      Shape shape = random.pick(Shape.class);
      ObjectColor named = colored ? random.pick(ObjectColor.class) : null;
      boolean taken =
          phrases.stream()
              .anyMatch(
                  p -> {
                    boolean sameColor = p.color() != null && p.color() == named;
                    return differInBoth
                        ? p.shape() == shape || sameColor
                        : p.shape() == shape && sameColor;
                  });
      if (!taken) {
        ObjectSize sized = random.chance(size) ? random.pick(ObjectSize.class) : null;
        phrases.add(new ObjectPhrase(count, shape, named, sized));
      }
    }
    return phrases;
  }
}

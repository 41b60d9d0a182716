package io.github.lumina4j.demo;

import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.Thing;
import io.github.lumina4j.demo.book.Things;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The words of a demo world: whether a model that has learned it can know what a prompt is about.
 */
public final class Vocabulary {
  private static final int EXAMPLES = 6;

  private final List<String> nouns;
  private final String summary;

  private Vocabulary(List<String> nouns, String summary) {
    this.nouns = nouns;
    this.summary = summary;
  }

  /** That of {@code world}. */
  public static Vocabulary of(DemoWorld world) {
    return switch (world) {
      case SHAPES -> {
        List<Shape> shapes = List.of(Shape.values());
        yield new Vocabulary(
            shapes.stream().flatMap(shape -> Stream.of(shape.word(), shape.plural())).toList(),
            summary("shapes", shapes.stream().map(Shape::word).toList())
                + (" and " + Background.values().length + " plain backgrounds"));
      }
      case BOOK -> {
        List<Thing> things = Things.all();
        long places = Arrays.stream(Place.values()).filter(place -> !place.plain()).count();
        yield new Vocabulary(
            things.stream().flatMap(Vocabulary::nouns).toList(),
            summary("things", things.stream().map(Thing::name).toList())
                + (" and " + places + " places"));
      }
    };
  }

  private static Stream<String> nouns(Thing thing) {
    return Stream.concat(Stream.of(thing.noun()), thing.synonyms().stream())
        .flatMap(noun -> Stream.of(noun.singular(), noun.plural()));
  }

  private static String summary(String kind, List<String> names) {
    return names.size()
        + (" " + kind + " (" + String.join(", ", names.subList(0, EXAMPLES)))
        + (names.size() > EXAMPLES ? ", ...), " : "), ")
        + (ObjectColor.values().length + " colours");
  }

  /** Whether {@code prompt} names a thing of this world, in the singular or the plural. */
  public boolean namesAThing(String prompt) {
    String words = " " + prompt.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}]+", " ") + " ";
    return nouns.stream().anyMatch(noun -> words.contains(" " + noun + " "));
  }

  /** What there is, such as {@code 6 shapes (circle, square, ...), 8 colours and 5 backgrounds}. */
  public String summary() {
    return summary;
  }
}

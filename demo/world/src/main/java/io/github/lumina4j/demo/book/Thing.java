package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.Shape;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kind of thing that pictures show: one with a picture of its own, or a shape. {@link Things} has
 * them all.
 *
 * @param noun what it is called
 * @param synonyms other words for it
 * @param hue what is replaced when it gets a colour; empty if it has just its own colours, or is a
 *     shape
 * @param shape the shape that is drawn; empty if there is a picture
 */
public record Thing(
    Noun noun,
    List<Noun> synonyms,
    ThingKind kind,
    Habitat habitat,
    Optional<HueRange> hue,
    Optional<Shape> shape) {
  private static final Set<String> DAY_ONLY = Set.of("sun", "rainbow");

  public Thing {
    Objects.requireNonNull(noun, "noun");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(habitat, "habitat");
    synonyms = List.copyOf(synonyms);
  }

  /** What it is called, such as {@code pine tree}. */
  public String name() {
    return noun.singular();
  }

  /** Whether it comes in the eight colours, and is always one of them. */
  public boolean colored() {
    return hue.isPresent() || shape.isPresent();
  }

  /** Whether it is seen by day alone. */
  public boolean dayOnly() {
    return DAY_ONLY.contains(name());
  }

  /** Its noun and its synonyms, the usual one first. */
  public List<Noun> nouns() {
    return Stream.concat(Stream.of(noun), synonyms.stream()).toList();
  }

  @Override
  public String toString() {
    return name();
  }
}

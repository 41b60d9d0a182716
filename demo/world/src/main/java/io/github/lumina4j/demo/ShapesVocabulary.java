package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The words of the world of coloured shapes. */
final class ShapesVocabulary implements Vocabulary {
  private static final List<String> PROMPTS =
      List.of(
          "a red circle",
          "two blue stars",
          "a yellow heart on a night background",
          "a green square and a pink cross",
          "a purple triangle left of an orange circle",
          "three cyan hearts on a white background",
          "a large red star",
          "a small blue square above a yellow circle",
          "four pink crosses on a mint background",
          "a green heart, a red triangle and a blue star on a sand background");

  /** The only one. */
  static final Vocabulary INSTANCE = new ShapesVocabulary();

  private final List<String> things = Arrays.stream(Shape.values()).map(Shape::word).toList();
  private final List<String> colors =
      Arrays.stream(ObjectColor.values()).map(ObjectColor::word).toList();
  private final List<String> places =
      Arrays.stream(Background.values()).map(Background::word).toList();
  private final List<String> relations =
      Arrays.stream(Relation.values()).map(Relation::words).toList();
  private final KnownWords known;

  private ShapesVocabulary() {
    List<String> words = new ArrayList<>(colors);
    Stream.of(Shape.values()).forEach(shape -> words.addAll(List.of(shape.word(), shape.plural())));
    // "night" alone would be more than this world knows.
    places.forEach(place -> words.add(place + " background"));
    places.forEach(place -> words.add("background " + place));
    this.known = new KnownWords(words);
  }

  @Override
  public List<String> things() {
    return things;
  }

  @Override
  public List<String> colors() {
    return colors;
  }

  @Override
  public List<String> places() {
    return places;
  }

  @Override
  public List<String> relations() {
    return relations;
  }

  @Override
  public List<String> prompts() {
    return PROMPTS;
  }

  @Override
  public String summary() {
    return things.size()
        + (" shapes (" + String.join(", ", things.subList(0, 3)) + ", ...), ")
        + (colors.size() + " colours and " + places.size() + " backgrounds");
  }

  @Override
  public boolean knows(String prompt) {
    return known.in(prompt);
  }
}

package io.github.lumina4j.demo;

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
  private final List<String> backgrounds =
      Arrays.stream(Background.values()).map(Background::word).toList();
  private final List<String> relations =
      Arrays.stream(Relation.values()).map(Relation::words).toList();
  private final KnownWords known;

  private ShapesVocabulary() {
    this.known =
        new KnownWords(
            Arrays.stream(Shape.values())
                .flatMap(shape -> Stream.of(shape.word(), shape.plural()))
                .toList());
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
    return List.of();
  }

  @Override
  public List<String> backgrounds() {
    return backgrounds;
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
        + (" shapes (" + String.join(", ", things) + "), ")
        + (colors.size() + " colours and " + backgrounds.size() + " plain backgrounds");
  }

  @Override
  public boolean knows(String prompt) {
    return known.in(prompt);
  }
}

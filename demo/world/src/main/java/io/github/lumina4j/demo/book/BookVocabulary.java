package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.KnownWords;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of the picture book. Long ones are known with a slip of the fingers, too. */
public final class BookVocabulary implements Vocabulary {
  private static final String NIGHT = "night";
  private static final List<String> EXAMPLES = List.of("cat", "tree", "rocket");
  // What comes before the noun: in the woods.
  private static final Pattern WITHOUT_MEANING =
      Pattern.compile("^(?:(?:in|on|at|by|over|above|among) )?(?:(?:a|an|the) )?");
  private static final List<String> PROMPTS =
      List.of(
          "a fox under a tree at night",
          "three penguins in the snow",
          "a red car beside a blue house in the city",
          "a whale and a yellow boat in the sea",
          "a rocket left of a planet in space",
          "a castle and a rainbow in a meadow",
          "a unicorn and a purple butterfly in the forest",
          "a teddy bear next to an orange gift in a room",
          "a crab, a palm tree and a pink umbrella on the beach",
          "a dinosaur below the moon in the desert at night");
  // A slip in a shorter word may be another word: cloud and could, boat and bat.
  private static final int LONG = 7;

  /** The only one. */
  public static final Vocabulary INSTANCE = new BookVocabulary();

  private final List<String> things = Things.all().stream().map(Thing::name).toList();
  private final List<String> colors =
      Arrays.stream(ObjectColor.values()).map(ObjectColor::word).toList();
  private final List<String> places =
      Stream.concat(Arrays.stream(Place.values()).map(BookVocabulary::name), Stream.of(NIGHT))
          .toList();
  private final List<String> relations =
      Arrays.stream(BookRelation.values()).map(relation -> relation.words().get(0)).toList();
  private final KnownWords known =
      new KnownWords(
          Stream.of(thingWords(), colorWords(), placeWords(), timeWords())
              .flatMap(words -> words)
              .toList());

  private BookVocabulary() {}

  private static String name(Place place) {
    String noun = place.nouns().get(0);
    return place.plain() ? "plain " + noun : WITHOUT_MEANING.matcher(noun).replaceFirst("");
  }

  private static Stream<String> thingWords() {
    return Things.all().stream()
        .flatMap(thing -> thing.nouns().stream())
        .flatMap(noun -> Stream.of(noun.singular(), noun.plural()))
        .flatMap(BookVocabulary::withSlips);
  }

  private static Stream<String> withSlips(String word) {
    return word.length() < LONG ? Stream.of(word) : Stream.concat(Stream.of(word), Typo.all(word));
  }

  private static Stream<String> colorWords() {
    return Arrays.stream(ObjectColor.values()).flatMap(color -> ColorWords.of(color).stream());
  }

  /** The nouns of the places; of plain ones only what speaks of a background. */
  private static Stream<String> placeWords() {
    return Arrays.stream(Place.values())
        .flatMap(
            place ->
                place.plain()
                    ? place.nouns().stream()
                        .flatMap(noun -> Stream.of(noun + " background", "background " + noun))
                    : Stream.concat(place.allWords().stream(), place.nouns().stream())
                        .map(words -> WITHOUT_MEANING.matcher(words).replaceFirst("")));
  }

  private static Stream<String> timeWords() {
    return Stream.concat(
        Stream.of(NIGHT, "moonlight", "moonlit", "nighttime"),
        Stream.of(BookCaption.AT_NIGHT, BookCaption.BY_DAY, BookEdit.TO_NIGHT, BookEdit.TO_DAY)
            .flatMap(List::stream));
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
        + (" things (" + String.join(", ", EXAMPLES) + ", ...), ")
        + (colors.size() + " colours and " + places.size() + " places");
  }

  @Override
  public boolean knows(String prompt) {
    return known.in(prompt);
  }
}

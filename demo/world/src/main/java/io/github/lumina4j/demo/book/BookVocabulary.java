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
      Stream.concat(places(false).map(BookVocabulary::bare), Stream.of(NIGHT)).toList();
  private final List<String> backgrounds = places(true).map(place -> place.nouns().get(0)).toList();
  private final List<String> relations =
      Arrays.stream(BookRelation.values()).map(relation -> relation.words().get(0)).toList();
  private final KnownWords known =
      new KnownWords(
          Stream.of(thingWords(), placeWords(), timeWords()).flatMap(words -> words).toList());

  private BookVocabulary() {}

  private static Stream<Place> places(boolean plain) {
    return Arrays.stream(Place.values()).filter(place -> place.plain() == plain);
  }

  private static String bare(Place place) {
    return bare(place.nouns().get(0));
  }

  private static String bare(String words) {
    return WITHOUT_MEANING.matcher(words).replaceFirst("");
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

  private static Stream<String> placeWords() {
    return places(false)
        .flatMap(place -> Stream.concat(place.allWords().stream(), place.nouns().stream()))
        .map(BookVocabulary::bare);
  }

  private static Stream<String> timeWords() {
    return Stream.of(
            List.of(NIGHT, "moonlight", "moonlit", "nighttime"),
            BookCaption.AT_NIGHT,
            BookCaption.BY_DAY)
        .flatMap(List::stream);
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
        + (" things (" + String.join(", ", EXAMPLES) + ", ...), ")
        + (colors.size() + " colours and " + places.size() + " places");
  }

  @Override
  public boolean knows(String prompt) {
    return known.in(prompt);
  }
}

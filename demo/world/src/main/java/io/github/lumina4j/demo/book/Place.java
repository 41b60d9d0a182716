package io.github.lumina4j.demo.book;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where a scene is: a place with ground, open space, or a plain background. */
public enum Place {
  MEADOW(
      7,
      true,
      List.of("a meadow", "a field"),
      List.of("in a meadow", "in the meadow", "in a field"),
      List.of("on the grass"),
      List.of("in a meadow", "over a meadow", "above a field")),
  FOREST(
      7,
      true,
      List.of("a forest", "the woods"),
      List.of("in a forest", "in the forest", "in the woods"),
      List.of(),
      List.of("in a forest", "over a forest", "above the woods")),
  BEACH(
      8,
      true,
      List.of("a beach", "the seaside"),
      List.of("at the beach", "by the sea", "at the seaside"),
      List.of("on the beach", "on a beach"),
      List.of("at the beach", "over the beach")),
  SEA(
      6,
      true,
      List.of("the sea", "the ocean"),
      List.of("in the sea", "in the ocean", "in the water", "at sea"),
      List.of("on the sea"),
      List.of("over the sea", "above the ocean")),
  SNOW(
      7,
      true,
      List.of("snow", "snowy mountains"),
      List.of("in the snow", "in the mountains", "in snowy mountains"),
      List.of("on the snow"),
      List.of("in the snow", "over the snow", "over snowy mountains")),
  DESERT(
      7,
      true,
      List.of("a desert"),
      List.of("in the desert", "in a desert"),
      List.of(),
      List.of("in the desert", "over the desert")),
  CITY(
      9,
      true,
      List.of("a city", "a street"),
      List.of("in the city", "in a city", "in town"),
      List.of("on the street", "on the road"),
      List.of("in the city", "over the city", "above the city")),
  ROOM(
      10,
      false,
      List.of("a room"),
      List.of("in a room", "in the room", "indoors"),
      List.of("on the floor"),
      List.of("in a room", "in the room", "indoors")),
  SPACE(
      0,
      false,
      List.of("space", "outer space"),
      List.of("in space", "in outer space", "among the stars"),
      List.of(),
      List.of("in space", "in outer space", "among the stars")),
  WHITE("white"),
  GREY("grey", "gray"),
  YELLOW("yellow"),
  BLUE("blue"),
  PINK("pink");

  private final int groundTop;
  private final boolean hasNight;
  private final List<String> nouns;
  private final List<String> words;
  private final List<String> onGround;
  private final List<String> inAir;

  Place(
      int groundTop,
      boolean hasNight,
      List<String> nouns,
      List<String> words,
      List<String> onGround,
      List<String> inAir) {
    this.groundTop = groundTop;
    this.hasNight = hasNight;
    this.nouns = nouns;
    this.words = words;
    this.onGround = Stream.concat(words.stream(), onGround.stream()).toList();
    this.inAir = inAir;
  }

  /** A plain colour, in all its spellings. */
  Place(String... spellings) {
    this(
        0,
        false,
        Stream.of(spellings).flatMap(color -> Stream.of(color, "plain " + color)).toList(),
        plain(spellings),
        List.of(),
        plain(spellings));
  }

  private static List<String> plain(String... spellings) {
    return Stream.of(spellings)
        .flatMap(
            color ->
                Stream.of(
                    "on a " + color + " background",
                    "with a " + color + " background",
                    "on " + color))
        .toList();
  }

  /** The ways to say that anything is there, the usual one first: {@code in the snow}. */
  public List<String> words() {
    return words;
  }

  /**
   * The ways to say that these things are there, the usual one first: what surely stands may be
   * {@code on the snow}, what surely flies {@code over the snow}.
   */
  List<String> words(List<Thing> things) {
    if (things.stream().noneMatch(thing -> thing.habitat().flies())) {
      return onGround;
    }
    return things.stream().noneMatch(thing -> thing.habitat().stands()) ? inAir : words;
  }

  /** Every way to say that something is there. */
  List<String> allWords() {
    return Stream.of(words, onGround, inAir).flatMap(List::stream).distinct().toList();
  }

  /** What a background can be changed to, the usual word first: {@code the sea}. */
  public List<String> nouns() {
    return nouns;
  }

  /** Whether there is ground to stand on, with something behind it. */
  public boolean hasGround() {
    return groundTop > 0;
  }

  /** The first row of cells that is ground; 0 if there is no ground. */
  public int groundTop() {
    return groundTop;
  }

  /** Whether it is drawn by day and by night. */
  public boolean hasNight() {
    return hasNight;
  }

  /** Whether it is a plain colour. */
  public boolean plain() {
    return !hasGround() && this != SPACE;
  }

  /** The name in reports. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The colour of the ground in segmentation maps; black where there is none. */
  int groundClass() {
    return !hasGround() ? 0 : this == SEA ? WATER_CLASS : GROUND_CLASS;
  }

  /** The colour of water in segmentation maps. */
  static final int WATER_CLASS = 0x1e3c78;

  /** The colour of dry ground in segmentation maps. */
  static final int GROUND_CLASS = 0x785028;
}

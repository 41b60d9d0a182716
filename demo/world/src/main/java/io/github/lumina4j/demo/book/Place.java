package io.github.lumina4j.demo.book;

import java.util.List;
import java.util.Locale;

/** Where a scene is: a place with ground, open space, or a plain background. */
public enum Place {
  MEADOW(
      7, true, "a meadow", List.of("in a meadow", "in the meadow", "on the grass", "in a field")),
  FOREST(7, true, "a forest", List.of("in a forest", "in the forest", "in the woods")),
  BEACH(8, true, "a beach", List.of("on the beach", "on a beach", "at the beach")),
  SEA(6, true, "the sea", List.of("in the sea", "in the ocean", "at sea")),
  SNOW(7, true, "snow", List.of("in the snow", "on the snow")),
  DESERT(7, true, "a desert", List.of("in the desert", "in a desert")),
  CITY(9, true, "a city", List.of("in the city", "in a city", "on the street")),
  ROOM(10, false, "a room", List.of("in a room", "in the room", "indoors")),
  SPACE(0, false, "space", List.of("in space", "in outer space")),
  WHITE(0, false, "plain white", plain("white")),
  GREY(0, false, "plain grey", plain("grey")),
  YELLOW(0, false, "plain yellow", plain("yellow")),
  BLUE(0, false, "plain blue", plain("blue")),
  PINK(0, false, "plain pink", plain("pink"));

  private final int groundTop;
  private final boolean hasNight;
  private final String noun;
  private final List<String> words;

  Place(int groundTop, boolean hasNight, String noun, List<String> words) {
    this.groundTop = groundTop;
    this.hasNight = hasNight;
    this.noun = noun;
    this.words = words;
  }

  private static List<String> plain(String color) {
    return List.of(
        "on a " + color + " background", "with a " + color + " background", "on " + color);
  }

  /** The ways to say it, the usual one first: {@code in the snow}. */
  public List<String> words() {
    return words;
  }

  /** What a background can be changed to: {@code the sea}. */
  public String noun() {
    return noun;
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

package io.github.lumina4j.demo.book;

/** Where a thing is found when nothing else is said. */
public enum Habitat {
  /** It stands on the ground and casts a shadow. */
  GROUND,
  /** As {@link #GROUND}; by itself it is in the sea or on the beach. */
  WATER,
  /** It flies, low or high. */
  AIR,
  /** It is high in the sky, never before the ground. */
  SKY,
  /** On the ground or in the sky. */
  BOTH;

  /** Whether it may stand on the ground. */
  public boolean stands() {
    return this != AIR && this != SKY;
  }

  /** Whether it may be in the sky. */
  public boolean flies() {
    return !stands() || this == BOTH;
  }

  /** Whether one expects something of this kind in that place. */
  boolean suits(Place place) {
    return switch (this) {
      case WATER -> place == Place.SEA || place == Place.BEACH || place.plain();
      case AIR, SKY -> place != Place.ROOM;
      case GROUND -> place != Place.SPACE && place != Place.SEA;
      case BOTH -> true;
    };
  }
}

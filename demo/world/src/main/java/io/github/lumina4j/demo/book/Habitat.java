package io.github.lumina4j.demo.book;

/** Where a thing is found when nothing else is said. */
public enum Habitat {
  /** It stands on the ground and casts a shadow. */
  GROUND,
  /** As {@link #GROUND}; by itself it is in the sea or on the beach. */
  WATER,
  /** It is in the sky. */
  AIR,
  /** On the ground or in the sky. */
  BOTH;

  /** Whether it may stand on the ground. */
  public boolean stands() {
    return this != AIR;
  }

  /** Whether it may be in the sky. */
  public boolean flies() {
    return this == AIR || this == BOTH;
  }
}

package io.github.lumina4j.demo;

import java.util.Locale;

/** The kinds of captions: the six of GenEval, and the list, which is for training only. */
public enum Category {
  /** {@code a star} */
  SINGLE_OBJECT,
  /** {@code a star and a heart} */
  TWO_OBJECT,
  /** {@code three stars} */
  COUNTING,
  /** {@code a red star} */
  COLORS,
  /** {@code a star left of a heart} */
  POSITION,
  /** {@code a red star and a blue heart} */
  COLOR_ATTR,
  /** {@code a red star, a blue heart and a green circle} */
  LIST;

  /** The name in reports, as GenEval writes it: {@code single_object}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

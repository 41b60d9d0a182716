package io.github.lumina4j.demo;

import io.github.lumina4j.demo.book.BookSamples;
import java.util.Locale;

/** The worlds that demo models learn from. */
public enum DemoWorld {
  /** Coloured shapes, which the present demo model knows. */
  SHAPES,
  /** The picture book: real things in places. */
  BOOK;

  /** The name in options: {@code shapes}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Its samples.
   *
   * @param mostThings how many things captions name at most, 1 to {@link BookSamples#MOST_THINGS};
   *     the world of shapes has only the largest
   * @throws IllegalArgumentException if there is no such curriculum
   */
  public SampleSource samples(long seed, TaskShares shares, int mostThings) {
    if (this == BOOK) {
      return new BookSamples(seed, shares, mostThings);
    }
    if (mostThings != BookSamples.MOST_THINGS) {
      throw new IllegalArgumentException("the world of shapes always has up to four objects");
    }
    return new SampleStream(seed, shares);
  }
}

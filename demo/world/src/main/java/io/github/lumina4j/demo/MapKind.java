package io.github.lumina4j.demo;

import java.util.Locale;

/** The kinds of maps, named as in the task names {@code pair-depth} and so on. */
public enum MapKind {
  DEPTH,
  CANNY,
  SEGMENTATION;

  /** The last part of the task names, such as {@code depth}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

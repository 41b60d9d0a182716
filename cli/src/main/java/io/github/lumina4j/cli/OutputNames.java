package io.github.lumina4j.cli;

import java.nio.file.Path;

/** File names made from other file names. */
final class OutputNames {
  private OutputNames() {}

  /** The last part of a path without its extension. */
  static String stem(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** {@code fox.png} with {@code "-candidates"} is {@code fox-candidates.png}, beside it. */
  static Path marked(Path file, String mark) {
    String name = file.getFileName().toString();
    String stem = stem(file);
    return file.resolveSibling(stem + mark + name.substring(stem.length()));
  }
}

package io.github.lumina4j.cli;

import java.nio.file.Path;

/**
 * A file name for one picture or several: <code>{n}</code> stands for the number of the picture,
 * from 1, and <code>{seed}</code> for its seed. Other braces are part of the name.
 */
record OutputPattern(String text) {
  private static final String NUMBER = "{n}";
  private static final String SEED = "{seed}";

  /**
   * The file of one picture. Where several share a pattern without a place for what tells them
   * apart, {@code -NUMBER} goes before the extension.
   *
   * @param number of the picture, from 1
   * @param count pictures in all
   */
  Path file(int number, int count, long seed) {
    String pattern = text;
    if (count > 1 && !pattern.contains(NUMBER) && !pattern.contains(SEED)) {
      int name = pattern.lastIndexOf('/') + 1;
      int dot = pattern.lastIndexOf('.');
      int end = dot > name ? dot : pattern.length();
      pattern = pattern.substring(0, end) + "-" + NUMBER + pattern.substring(end);
    }
    return Path.of(
        pattern.replace(NUMBER, Integer.toString(number)).replace(SEED, Long.toString(seed)));
  }
}

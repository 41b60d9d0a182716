package io.github.lumina4j.cli;

import io.github.lumina4j.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file name for one picture or several: <code>{n}</code> stands for the number of the picture,
 * from 1, and <code>{seed}</code> for its seed. Other braces are part of the name.
 */
record OutputPattern(String text) {
  /** The name of a picture that got none. */
  static final String USUAL = "lumina-{seed}.png";

  private static final String NUMBER = "{n}";
  private static final String SEED = "{seed}";
  private static final String EXTENSION = ".png";

  /**
   * The pattern that an option for pictures means: a folder gets {@link #USUAL}, a name without an
   * extension that of PNG; {@code -} stays what it is.
   */
  static OutputPattern ofPicture(String text) {
    int name = text.lastIndexOf('/') + 1;
    String last = text.substring(name);
    if (text.equals(StandardInput.NAME) || last.indexOf('.', 1) > 0) {
      return new OutputPattern(text);
    }
    if (last.isEmpty() || Files.isDirectory(Path.of(text))) {
      return new OutputPattern(last.isEmpty() ? text + USUAL : text + "/" + USUAL);
    }
    return new OutputPattern(text + EXTENSION);
  }

  /** Whether the picture goes to standard output. */
  boolean isStandardOutput() {
    return text.equals(StandardInput.NAME);
  }

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
        pattern.replace(NUMBER, Integer.toString(number)).replace(SEED, Seeds.text(seed)));
  }
}

package io.github.lumina4j.image;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a picture is written.
 *
 * @param jpegQuality 0 (smallest file) to 1 (best picture); JPEG only
 * @param text keyword to text, any characters but NUL, sorted by keyword; PNG only, since JPEG has
 *     no place for it. A keyword is 1 to 79 Latin-1 characters without control characters, and
 *     without spaces at the ends or two in a row.
 */
public record WriteOptions(double jpegQuality, Map<String, String> text) {
  /** Quality 0.95, no text. */
  public static final WriteOptions DEFAULT = new WriteOptions(0.95, Map.of());

  /**
   * @throws IllegalArgumentException if the quality is out of range or a keyword or text cannot be
   *     stored
   */
  public WriteOptions {
    if (!(jpegQuality >= 0 && jpegQuality <= 1)) {
      throw new IllegalArgumentException("JPEG quality " + jpegQuality + " is not 0 to 1");
    }
    // Sorted, so that the same text gives the same bytes whatever map it comes in.
    text = Collections.unmodifiableMap(new TreeMap<>(text));
    text.forEach(PngText::check);
  }

  /** The same with another JPEG quality. */
  public WriteOptions withJpegQuality(double quality) {
    return new WriteOptions(quality, text);
  }

  /** The same with other text. */
  public WriteOptions withText(Map<String, String> newText) {
    return new WriteOptions(jpegQuality, newText);
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.BitmapFont;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A white picture to put pictures and words on, without AWT, which may lack its fonts. */
final class TextCanvas {
  private final int width;
  private final int height;
  private final byte[] pixels; // [height, width, 3]

  TextCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    pixels = new byte[width * height * RgbImage.CHANNELS];
    Arrays.fill(pixels, (byte) 0xff);
  }

  /** Fills a rectangle, as far as it is on the canvas; {@code rgb} is {@code 0xRRGGBB}. */
  void fill(int left, int top, int across, int down, int rgb) {
    for (int y = Math.max(0, top); y < Math.min(height, top + down); y++) {
      for (int x = Math.max(0, left); x < Math.min(width, left + across); x++) {
        int at = (y * width + x) * RgbImage.CHANNELS;
        pixels[at] = (byte) (rgb >> 16);
        pixels[at + 1] = (byte) (rgb >> 8);
        pixels[at + 2] = (byte) rgb;
      }
    }
  }

  /** Copies a picture that fits to a place. */
  void draw(RgbImage picture, int left, int top) {
    for (int y = 0; y < picture.height(); y++) {
      picture.copyRows(y, 1, pixels, ((top + y) * width + left) * RgbImage.CHANNELS);
    }
  }

  /** Writes one line from its top left corner on, each dot {@code scale} pixels large. */
  void text(String text, int left, int top, int scale, int rgb) {
    BitmapFont.draw(text, (x, y) -> fill(left + x * scale, top + y * scale, scale, scale, rgb));
  }

  RgbImage image() {
    return new RgbImage(width, height, pixels);
  }

  /**
   * Words in lines of at most so many letters; what does not fit into {@code most} lines is left
   * out, and said so by dots.
   */
  static List<String> wrap(String text, int letters, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      String rest = word;
      if (line.length() > 0 && line.length() + 1 + rest.length() > letters) {
        lines.add(line.toString());
        line.setLength(0);
      }
      while (rest.length() > letters) {
        lines.add(rest.substring(0, letters));
        rest = rest.substring(letters);
      }
      line.append(line.length() > 0 ? " " : "").append(rest);
    }
    if (line.length() > 0) {
      lines.add(line.toString());
    }
    if (lines.size() > most) {
      String last = lines.get(most - 1);
      lines = new ArrayList<>(lines.subList(0, most));
      lines.set(
          most - 1, last.substring(0, Math.min(last.length(), Math.max(0, letters - 3))) + "...");
    }
    return lines;
  }
}

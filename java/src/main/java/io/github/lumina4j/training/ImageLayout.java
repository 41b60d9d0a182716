package io.github.lumina4j.training;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.text.SpecialTokens;
import java.util.List;

/** A picture as tokens (docs/spec/model.md 5): its beginning, its size, rows of codes, its end. */
final class ImageLayout {
  /** Pixels per code, along each side. */
  static final int CODE_PIXELS = 8;

  private static final int CODES_PER_CELL = ImageSize.GRID_UNIT / CODE_PIXELS;

  private final SpecialTokens special;
  private final int[] grid;
  private final int imageTokenOffset;

  /**
   * Tokens of a picture.
   *
   * @param given how many of them, from the first on, are there before the model draws
   */
  record Laid(int[] tokens, int given) {}

  ImageLayout(SpecialTokens special, int imageTokenOffset) {
    this.special = special;
    this.grid = special.grid();
    this.imageTokenOffset = imageTokenOffset;
  }

  /**
   * Panels of one width as one picture, from top to bottom.
   *
   * @param givenRows rows of codes that the user supplies; 0 if the model draws the whole picture
   * @throws IllegalArgumentException if the tokenizer has no token for the size
   */
  Laid of(List<ImageCodes> panels, int givenRows) {
    int columns = panels.get(0).columns();
    int rows = panels.stream().mapToInt(ImageCodes::rows).sum();
    int header = 3;
    int[] tokens = new int[header + rows * (columns + 1) + 1];
    tokens[0] = special.imageStart();
    tokens[1] = cells(rows);
    tokens[2] = cells(columns);
    int at = header;
    for (ImageCodes panel : panels) {
      int[] values = panel.values();
      for (int i = 0; i < values.length; i++) {
        tokens[at++] = imageTokenOffset + values[i];
        if ((i + 1) % columns == 0) {
          tokens[at++] = special.newLine();
        }
      }
    }
    tokens[at] = special.imageEnd();
    return new Laid(tokens, givenRows == 0 ? 0 : header + givenRows * (columns + 1));
  }

  private int cells(int codes) {
    int count = codes / CODES_PER_CELL;
    if (codes % CODES_PER_CELL != 0 || count >= grid.length || grid[count] < 0) {
      throw new IllegalArgumentException(
          "the tokenizer has no token for a side of " + codes * CODE_PIXELS + " pixels");
    }
    return grid[count];
  }
}

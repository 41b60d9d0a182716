package io.github.lumina4j.text;

import io.github.lumina4j.CheckpointException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Ids of the tokens that structure a sequence, looked up by name (docs/spec/model.md 4.2, 4.3).
 *
 * @param bos first token of every sequence
 * @param separator ends a message
 * @param imageStart begins a picture
 * @param imageEnd ends a picture
 * @param newLine ends a row of image codes
 * @param grid {@code grid[n]} says "n cells of 32 pixels"; -1 where the tokenizer has none
 */
public record SpecialTokens(
    int bos, int separator, int imageStart, int imageEnd, int newLine, int[] grid) {
  /** Ends a message, as text inside the conversation. */
  public static final String SEPARATOR = "<reserved08706>";

  /** Begins a picture. */
  public static final String IMAGE_START = "<racm3:break>";

  /** Ends a picture. */
  public static final String IMAGE_END = "<eoss>";

  /** Ends a row of image codes. */
  public static final String NEW_LINE = "<reserved08799>";

  /** Stands for a picture in a conversation; never fed to the model. */
  public static final String IMAGE = "<|image|>";

  private static final int MAX_GRID = 1199;

  // In the released layout these ids are part of the format: image codes begin at RELEASED_OFFSET.
  private static final int RELEASED_OFFSET = 155000;
  private static final int RELEASED_START = 151665;
  private static final int RELEASED_END = 151666;
  private static final int RELEASED_NEW_LINE = 151670;

  public SpecialTokens {
    grid = grid.clone();
  }

  /**
   * Looks the tokens up.
   *
   * @param imageTokenOffset id of image code 0
   * @throws CheckpointException if one is missing, there is no grid token at all, or {@code
   *     imageTokenOffset} is that of the released layout and the ids are not
   */
  public static SpecialTokens of(TokenizerFile file, int imageTokenOffset) {
    OptionalInt bos = file.id(file.bosToken());
    if (bos.isEmpty()) {
      throw new CheckpointException(
          file.path()
              + ": the first token of a sequence, "
              + file.bosToken()
              + " by "
              + file.configPath().getFileName()
              + ", is missing");
    }
    int start = require(file, IMAGE_START);
    int end = require(file, IMAGE_END);
    int newLine = require(file, NEW_LINE);
    if (imageTokenOffset == RELEASED_OFFSET) {
      requireReleased(file.path(), IMAGE_START, start, RELEASED_START);
      requireReleased(file.path(), IMAGE_END, end, RELEASED_END);
      requireReleased(file.path(), NEW_LINE, newLine, RELEASED_NEW_LINE);
    }
    return new SpecialTokens(
        bos.getAsInt(), require(file, SEPARATOR), start, end, newLine, findGrid(file));
  }

  /** A copy of the grid ids. */
  @Override
  public int[] grid() {
    return grid.clone();
  }

  /** The name of the token that says "{@code n} cells of 32 pixels". */
  public static String gridName(int n) {
    if (n < 0 || n > MAX_GRID) {
      throw new IllegalArgumentException("no grid token counts to " + n);
    }
    return "<reserved0" + (8800 + n) + ">"; // five digits, as every n has four
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpecialTokens that
        && bos == that.bos
        && separator == that.separator
        && imageStart == that.imageStart
        && imageEnd == that.imageEnd
        && newLine == that.newLine
        && Arrays.equals(grid, that.grid);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new int[] {bos, separator, imageStart, imageEnd, newLine}) * 31
        + Arrays.hashCode(grid);
  }

  @Override
  public String toString() {
    return "SpecialTokens[bos="
        + bos
        + ", separator="
        + separator
        + ", imageStart="
        + imageStart
        + ", imageEnd="
        + imageEnd
        + ", newLine="
        + newLine
        + ", grid=0.."
        + (grid.length - 1)
        + "]";
  }

  private static int[] findGrid(TokenizerFile file) {
    int[] grid = new int[MAX_GRID + 1];
    int count = 0;
    for (int n = 0; n <= MAX_GRID; n++) {
      grid[n] = file.id(gridName(n)).orElse(-1);
      if (grid[n] >= 0) {
        count = n + 1;
      }
    }
    if (count == 0) {
      throw new CheckpointException(
          file.path()
              + ": no grid token, "
              + gridName(0)
              + " to "
              + gridName(MAX_GRID)
              + ", is there");
    }
    return Arrays.copyOf(grid, count);
  }

  private static int require(TokenizerFile file, String token) {
    return file.id(token)
        .orElseThrow(
            () -> new CheckpointException(file.path() + ": token " + token + " is missing"));
  }

  private static void requireReleased(Path path, String token, int id, int expected) {
    if (id != expected) {
      throw new CheckpointException(
          path
              + ": token "
              + token
              + " has the id "
              + id
              + "; with image codes from "
              + RELEASED_OFFSET
              + " on it must be "
              + expected);
    }
  }
}

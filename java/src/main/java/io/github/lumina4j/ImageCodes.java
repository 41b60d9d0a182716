package io.github.lumina4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A picture as codes of the image tokenizer, one per 8x8 pixels.
 *
 * @param rows latent rows, pixel height / 8
 * @param columns latent columns, pixel width / 8
 * @param values row-major, {@code rows * columns} numbers from 0 to codebook size - 1
 */
public record ImageCodes(int rows, int columns, int[] values) {
  /** Pixels per side of a code. */
  public static final int PIXELS = 8;

  public ImageCodes {
    Objects.requireNonNull(values, "values");
    if (rows < 1 || columns < 1 || values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          rows + " x " + columns + " codes expected, " + values.length + " given");
    }
    values = values.clone();
  }

  @Override
  public int[] values() {
    return values.clone();
  }

  /**
   * The codes as {@code parts} pictures of equal height, from top to bottom.
   *
   * @throws IllegalArgumentException if the rows cannot be shared out like that
   */
  public List<ImageCodes> split(int parts) {
    if (parts < 1 || rows % parts != 0) {
      throw new IllegalArgumentException(rows + " rows do not split into " + parts + " parts");
    }
    int size = values.length / parts;
    return IntStream.range(0, parts)
        .mapToObj(
            i ->
                new ImageCodes(
                    rows / parts, columns, Arrays.copyOfRange(values, i * size, (i + 1) * size)))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageCodes codes
        && rows == codes.rows
        && columns == codes.columns
        && Arrays.equals(values, codes.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "ImageCodes[" + rows + "x" + columns + "]";
  }
}

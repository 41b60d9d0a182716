package io.github.lumina4j;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture's size in pixels, width first.
 *
 * @param width 1 to {@value #MAX_SIDE}
 * @param height 1 to {@value #MAX_SIDE}
 */
public record ImageSize(int width, int height) {
  /** Pixels per side of one grid unit: the model is told a size as a count of these. */
  public static final int GRID_UNIT = 32;

  /** Longest side: the vocabulary counts grid units up to 1199. */
  public static final int MAX_SIDE = 1199 * GRID_UNIT;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})[xX\u00d7]([0-9]{1,9})");

  /**
   * @throws IllegalArgumentException if a side is below 1 or above {@value #MAX_SIDE}
   */
  public ImageSize {
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException(
          "size " + width + "x" + height + ": each side must be 1 to " + MAX_SIDE + " pixels");
    }
  }

  /**
   * Reads {@code WIDTHxHEIGHT}, for example {@code 768x512}; spaces around it are ignored.
   *
   * @throws IllegalArgumentException if the text has another form or a side is out of range
   */
  public static ImageSize parse(String text) {
    Objects.requireNonNull(text, "text");
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "size \"" + text + "\" is not WIDTHxHEIGHT in pixels, for example 768x768");
    }
    return new ImageSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }

  /** Whether both sides are multiples of {@code unit} pixels. */
  public boolean isMultipleOf(int unit) {
    return isMultipleOf(unit, unit);
  }

  /** Whether the width is a multiple of {@code unitWidth} and the height of {@code unitHeight}. */
  public boolean isMultipleOf(int unitWidth, int unitHeight) {
    return width % unitWidth == 0 && height % unitHeight == 0;
  }

  /**
   * This size, if both sides are multiples of {@code unit}.
   *
   * @throws IllegalArgumentException if not; the message names the nearest sizes that are
   */
  public ImageSize requireMultipleOf(int unit) {
    return requireMultipleOf(unit, unit);
  }

  /**
   * This size, if the width is a multiple of {@code unitWidth} and the height of {@code
   * unitHeight}. Two panels above each other need 32 and 64.
   *
   * @throws IllegalArgumentException if not; the message names the nearest sizes that are
   */
  public ImageSize requireMultipleOf(int unitWidth, int unitHeight) {
    if (isMultipleOf(unitWidth, unitHeight)) {
      return this;
    }
    ImageSize below =
        new ImageSize(floorMultiple(width, unitWidth), floorMultiple(height, unitHeight));
    ImageSize above =
        new ImageSize(ceilMultiple(width, unitWidth), ceilMultiple(height, unitHeight));
    String rule =
        unitWidth == unitHeight
            ? "both sides must be multiples of " + unitWidth
            : "the width must be a multiple of " + unitWidth + " and the height of " + unitHeight;
    String nearest = below.equals(above) ? below.toString() : below + " or " + above;
    throw new IllegalArgumentException("size " + this + ": " + rule + "; nearest: " + nearest);
  }

  private static int floorMultiple(int side, int unit) {
    return Math.max(side / unit, 1) * unit;
  }

  private static int ceilMultiple(int side, int unit) {
    return Math.min((side + unit - 1) / unit, MAX_SIDE / unit) * unit;
  }

  /** {@code WIDTHxHEIGHT}, the form that {@link #parse} reads. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}

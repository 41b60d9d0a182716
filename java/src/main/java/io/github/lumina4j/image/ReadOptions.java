package io.github.lumina4j.image;

import java.util.Objects;

/**
 * How a picture file is read.
 *
 * @param limits what the file may ask for
 * @param convertToSrgb whether the colours of a picture with a colour profile (ICC, in PNG, JPEG,
 *     WebP and TIFF) are converted to sRGB; otherwise the profile is ignored, as Pillow and the
 *     model's training do
 */
public record ReadOptions(ReadLimits limits, boolean convertToSrgb) {
  /** {@link ReadLimits#DEFAULT}, profiles ignored. */
  public static final ReadOptions DEFAULT = new ReadOptions(ReadLimits.DEFAULT, false);

  public ReadOptions {
    Objects.requireNonNull(limits, "limits");
  }

  /** The same with {@link #convertToSrgb} as given. */
  public ReadOptions withConvertToSrgb(boolean convert) {
    return new ReadOptions(limits, convert);
  }
}

package io.github.lumina4j.image;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fitting a picture to a size the model knows, to the byte as in training (docs/spec/model.md 5.2).
 */
public final class CenterCrop {
  /** Crop sizes keep the longer side within this multiple of the shorter one. */
  private static final int MAX_RATIO = 4;

  private CenterCrop() {}

  /**
   * The middle of the picture, scaled so that it just covers {@code width} x {@code height}: halved
   * by area while twice too large, then scaled by cubic convolution, then cut.
   *
   * @throws IllegalArgumentException if a side is below 1
   */
  public static RgbImage centerCrop(RgbImage image, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("cannot crop to " + width + "x" + height + " pixels");
    }
    RgbImage source = image;
    while (source.width() >= 2L * width && source.height() >= 2L * height) {
      source =
          PillowResize.resize(
              source, source.width() / 2, source.height() / 2, PillowResize.Filter.BOX);
    }
    double scale = Math.max((double) width / source.width(), (double) height / source.height());
    long scaledWidth = (long) Math.rint(source.width() * scale);
    long scaledHeight = (long) Math.rint(source.height() * scale);
    long left = (scaledWidth - width) / 2;
    long top = (scaledHeight - height) / 2;
    return PillowResize.resizeRegion(
        source,
        scaledWidth,
        scaledHeight,
        new PillowResize.Region(left, top, width, height),
        PillowResize.Filter.BICUBIC);
  }

  /**
   * The sizes a picture may be cropped to for a target of about {@code target} x {@code target}
   * pixels: sides are multiples of 32, the area is at most that of the target, the ratio of sides
   * at most 4. Wide sizes come first.
   *
   * @param target pixels, 32 to {@link ImageSize#MAX_SIDE} / 4
   * @throws IllegalArgumentException if the target is out of range
   */
  public static List<ImageSize> cropSizes(int target) {
    // The widest size has twice the target's side; sqrt(4) = 2, kept clear of the limit.
    if (target < ImageSize.GRID_UNIT || target > ImageSize.MAX_SIDE / MAX_RATIO) {
      throw new IllegalArgumentException(
          "crop target "
              + target
              + (" is not " + ImageSize.GRID_UNIT + " to " + ImageSize.MAX_SIDE / MAX_RATIO));
    }
    int side = target / ImageSize.GRID_UNIT;
    int units = side * side;
    List<ImageSize> sizes = new ArrayList<>();
    int wide = units;
    int high = 1;
    while (wide > 0) {
      // The same comparison as max/min <= 4 on doubles, which is exact here.
      if (Math.max(wide, high) <= MAX_RATIO * Math.min(wide, high)) {
        sizes.add(new ImageSize(wide * ImageSize.GRID_UNIT, high * ImageSize.GRID_UNIT));
      }
      if ((long) (high + 1) * wide <= units) {
        high++;
      } else {
        wide--;
      }
    }
    return List.copyOf(sizes);
  }

  /**
   * The size among {@code sizes} whose shape is nearest to {@code width} x {@code height}; of
   * equally near ones the widest, then the highest. A listed size is its own choice.
   *
   * @throws IllegalArgumentException if {@code sizes} is empty or a side is below 1
   */
  public static ImageSize chooseSize(int width, int height, List<ImageSize> sizes) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("picture of " + width + "x" + height + " pixels");
    }
    for (ImageSize size : sizes) {
      if (size.width() == width && size.height() == height) {
        return size;
      }
    }
    return sizes.stream()
        .max(
            Comparator.<ImageSize>comparingDouble(size -> score(width, height, size))
                .thenComparingInt(ImageSize::width)
                .thenComparingInt(ImageSize::height))
        .orElseThrow(() -> new IllegalArgumentException("no crop sizes to choose from"));
  }

  /** {@link #centerCrop} to the size that {@link #chooseSize} names. */
  public static RgbImage varCenterCrop(RgbImage image, List<ImageSize> sizes) {
    ImageSize size = chooseSize(image.width(), image.height(), sizes);
    return size.width() == image.width() && size.height() == image.height()
        ? image
        : centerCrop(image, size.width(), size.height());
  }

  /** Share of the picture that survives the crop along one side: 1 is the same shape. */
  private static double score(int width, int height, ImageSize size) {
    double across = (double) size.width() / width;
    double down = (double) size.height() / height;
    return Math.min(across, down) / Math.max(across, down);
  }
}

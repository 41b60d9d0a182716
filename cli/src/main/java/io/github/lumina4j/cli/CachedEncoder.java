package io.github.lumina4j.cli;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Pictures to codes, where the same picture often comes again: single objects, and scenes whose
 * maps are equal. Keeps the pictures used last. Not thread-safe.
 */
final class CachedEncoder implements Function<RgbImage, ImageCodes> {
  /** Some 60 MB of pictures of the demo world. */
  static final int PICTURES = 2048;

  private final Function<RgbImage, ImageCodes> encoder;
  private final Map<RgbImage, ImageCodes> codes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RgbImage, ImageCodes> eldest) {
          return size() > PICTURES;
        }
      };

  CachedEncoder(Function<RgbImage, ImageCodes> encoder) {
    this.encoder = encoder;
  }

  @Override
  public ImageCodes apply(RgbImage picture) {
    ImageCodes known = codes.get(picture);
    if (known == null) {
      known = encoder.apply(picture);
      codes.put(picture, known);
    }
    return known;
  }
}

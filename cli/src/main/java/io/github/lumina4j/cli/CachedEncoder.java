package io.github.lumina4j.cli;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Pictures of one size to codes, where the same picture often comes again: single objects, and
 * scenes whose maps are equal. Keeps the pictures used last. Not thread-safe.
 */
final class CachedEncoder implements Function<RgbImage, ImageCodes> {
  /** Some 60 MB of pictures of the demo world. */
  static final int PICTURES = 2048;

  /** Pictures that are encoded together. */
  private static final int BATCH = 32;

  private final Function<List<RgbImage>, List<ImageCodes>> encoder;
  private final Map<RgbImage, ImageCodes> codes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RgbImage, ImageCodes> eldest) {
          return size() > PICTURES;
        }
      };

  CachedEncoder(Function<List<RgbImage>, List<ImageCodes>> encoder) {
    this.encoder = encoder;
  }

  /** Encodes what will be asked for next, many together; at most {@link #PICTURES}. */
  void prepare(List<RgbImage> pictures) {
    List<RgbImage> unknown =
        pictures.stream().distinct().filter(picture -> codes.get(picture) == null).toList();
    for (int first = 0; first < unknown.size(); first += BATCH) {
      List<RgbImage> batch = unknown.subList(first, Math.min(first + BATCH, unknown.size()));
      List<ImageCodes> encoded = encoder.apply(batch);
      for (int i = 0; i < batch.size(); i++) {
        codes.put(batch.get(i), encoded.get(i));
      }
    }
  }

  @Override
  public ImageCodes apply(RgbImage picture) {
    ImageCodes known = codes.get(picture);
    if (known == null) {
      known = encoder.apply(List.of(picture)).get(0);
      codes.put(picture, known);
    }
    return known;
  }
}

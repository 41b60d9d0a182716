package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.Sprite;
import io.github.lumina4j.demo.book.ThingName;
import io.github.lumina4j.demo.book.ThingSize;
import java.util.ArrayList;
import java.util.List;

/**
 * A thing as it looks in a {@link CoarsePicture} of the step {@link CoarsePicture#SEARCH}.
 *
 * @param side pixels each way
 * @param alpha [side, side]: how much of each pixel it covers, 0 to 1
 * @param covered [side, side, 3]: its colour times that
 */
record ThingTemplate(ThingName name, ThingSize size, int side, float[] alpha, float[] covered) {
  private static final List<ThingTemplate> ALL = all();

  // A difference in a channel beyond this counts no more: there is something else, however bright.
  private static final float MOST = 90;

  /** Every thing, in every colour and size. */
  static List<ThingTemplate> of() {
    return ALL;
  }

  private static List<ThingTemplate> all() {
    List<ThingTemplate> all = new ArrayList<>();
    for (ThingName name : ThingName.all()) {
      for (ThingSize size : ThingSize.values()) {
        all.add(of(name, size));
      }
    }
    return List.copyOf(all);
  }

  private static ThingTemplate of(ThingName name, ThingSize size) {
    Sprite sprite = BookRenderer.sprite(name, size);
    int step = CoarsePicture.SEARCH;
    int side = sprite.side() / step;
    float[] alpha = new float[side * side];
    float[] covered = new float[side * side * RgbImage.CHANNELS];
    for (int i = 0; i < sprite.alpha().length; i++) {
      int at = i / sprite.side() / step * side + i % sprite.side() / step;
      float share = sprite.alpha()[i] / (step * step);
      alpha[at] += share;
      for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
        covered[at * RgbImage.CHANNELS + channel] +=
            share * (sprite.rgb()[i] >> (16 - 8 * channel) & 0xff);
      }
    }
    return new ThingTemplate(name, size, side, alpha, covered);
  }

  /** What a background does not explain: the most that {@link #gain} can be in each box. */
  static BoxSums differences(CoarsePicture picture, CoarsePicture background) {
    float[] differences = new float[picture.side() * picture.side()];
    for (int i = 0; i < picture.levels().length; i++) {
      float without = Math.min(MOST, Math.abs(picture.levels()[i] - background.levels()[i]));
      differences[i / RgbImage.CHANNELS] += without * without;
    }
    return BoxSums.of(differences, picture.side());
  }

  /**
   * How much nearer a picture is to this thing before a background than to the background alone:
   * the sum of squared differences that go away, less those that come.
   *
   * @param left the x of the box in the coarse picture; {@code top} is its y
   */
  double gain(CoarsePicture picture, CoarsePicture background, int left, int top) {
    double gain = 0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int pixel = y * side + x;
        int at = ((top + y) * picture.side() + left + x) * RgbImage.CHANNELS;
        float through = 1 - alpha[pixel];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
          float behind = background.levels()[at + channel];
          float seen = picture.levels()[at + channel];
          float drawn = covered[pixel * RgbImage.CHANNELS + channel] + through * behind;
          float without = Math.min(MOST, Math.abs(seen - behind));
          float with = Math.min(MOST, Math.abs(seen - drawn));
          gain += without * without - with * with;
        }
      }
    }
    return gain;
  }
}

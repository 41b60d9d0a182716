package io.github.lumina4j.demo.book;

import io.github.lumina4j.demo.ObjectColor;

/**
 * Gives a picture another colour where it has certain hues: hue, saturation and value move from the
 * mean of these pixels to the new colour, so that light and shade stay.
 */
final class Recolouring {
  // Over how many degrees beyond its ends the range fades out.
  private static final double FADE = 20;
  // Saturations from which on a pixel begins to have a hue, and has it.
  private static final double GREYISH = 0.2;
  private static final double COLOURED = 0.4;
  // How much of the differences in hue is kept.
  private static final double KEPT_HUE = 0.35;

  private final HueRange range;

  Recolouring(HueRange range) {
    this.range = range;
  }

  /** The picture in that colour. */
  Sprite apply(Sprite sprite, ObjectColor color) {
    Hsv target = Hsv.of(color.rgb());
    int[] rgb = sprite.rgb().clone();
    double weights = 0;
    double saturation = 0;
    double value = 0;
    for (int i = 0; i < rgb.length; i++) {
      Hsv hsv = Hsv.of(rgb[i]);
      double weight = weight(hsv) * sprite.alpha()[i];
      weights += weight;
      saturation += weight * hsv.saturation();
      value += weight * hsv.value();
    }
    for (int i = 0; i < rgb.length; i++) {
      Hsv hsv = Hsv.of(rgb[i]);
      double weight = weight(hsv);
      if (weight > 0) {
        double turned = (hsv.hue() - range.middle() + 540) % 360 - 180;
        double hue = (target.hue() + KEPT_HUE * turned + 360) % 360;
        Hsv moved =
            new Hsv(
                hue,
                Math.min(1, hsv.saturation() * target.saturation() * weights / saturation),
                Math.min(1, hsv.value() * target.value() * weights / value));
        rgb[i] = mixed(rgb[i], moved.rgb(), weight);
      }
    }
    return new Sprite(sprite.side(), sprite.alpha(), rgb);
  }

  private double weight(Hsv hsv) {
    double hue = 1 - range.distance(hsv.hue()) / FADE;
    double saturated = (hsv.saturation() - GREYISH) / (COLOURED - GREYISH);
    return Math.max(0, Math.min(1, Math.min(hue, saturated)));
  }

  private static int mixed(int from, int to, double share) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = from >> shift & 0xff;
      int b = to >> shift & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }
}

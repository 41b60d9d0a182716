package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.Scene;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Tells what a picture of the demo world shows: the nearest background, then what stands out from
 * it, each thing by the shape and size that fit it best and by the colour of its inside. Made for
 * pictures that an image tokenizer has blurred and shifted in colour.
 */
public final class SceneReader {
  // The smallest shape, a small star, has some 130 pixels.
  private static final int MINIMUM_AREA = 50;
  // Below this overlap a thing is no shape; the shapes overlap each other by up to 0.8.
  private static final double MINIMUM_MATCH = 0.6;
  // How far inside the outline a pixel must lie to show the colour, not the rim, in pixels.
  private static final double INSIDE = 2.5;
  // How bright light and shade make a colour on average.
  private static final double DARKEST = 0.8;
  private static final double BRIGHTEST = 1.15;

  private SceneReader() {}

  /**
   * What the picture shows.
   *
   * @throws IllegalArgumentException if the picture has not the size of the canvas
   */
  public static SeenScene read(RgbImage picture) {
    checkSize(picture);
    Foreground foreground = new Foreground(picture);
    List<SeenObject> objects = new ArrayList<>();
    int unknown = 0;
    for (Component component : Component.of(foreground, MINIMUM_AREA)) {
      ShapeTemplate.Fit fit = ShapeTemplate.best(component);
      if (fit.overlap() < MINIMUM_MATCH) {
        unknown++;
        continue;
      }
      objects.add(
          new SeenObject(
              fit.template().shape(),
              nearestColor(meanInside(foreground, fit)),
              fit.template().size(),
              fit.left(),
              fit.top(),
              fit.overlap()));
    }
    objects.sort(Comparator.comparingDouble(SeenObject::match).reversed());
    return new SeenScene(foreground.background(), objects, unknown);
  }

  /**
   * @throws IllegalArgumentException if the picture has not the size of the canvas
   */
  static void checkSize(RgbImage picture) {
    if (picture.width() != Scene.PIXELS || picture.height() != Scene.PIXELS) {
      throw new IllegalArgumentException(
          "a picture of the demo world has "
              + (Scene.PIXELS + "x" + Scene.PIXELS)
              + (" pixels, not " + picture.width() + "x" + picture.height()));
    }
  }

  private static double[] meanInside(Foreground foreground, ShapeTemplate.Fit fit) {
    float[] distances = fit.template().distances();
    int side = fit.template().size().pixels();
    double[] sum = new double[RgbImage.CHANNELS];
    int count = 0;
    for (int i = 0; i < distances.length; i++) {
      int x = fit.left() + i % side;
      int y = fit.top() + i / side;
      boolean seen = x >= 0 && x < Scene.PIXELS && y >= 0 && y < Scene.PIXELS;
      if (seen && distances[i] < -INSIDE) {
        for (int channel = 0; channel < sum.length; channel++) {
          sum[channel] += foreground.level(y * Scene.PIXELS + x, channel);
        }
        count++;
      }
    }
    for (int channel = 0; channel < sum.length; channel++) {
      sum[channel] /= Math.max(1, count);
    }
    return sum;
  }

  /** The colour that is nearest in some light. */
  private static ObjectColor nearestColor(double[] mean) {
    ObjectColor best = null;
    double least = Double.POSITIVE_INFINITY;
    for (ObjectColor color : ObjectColor.values()) {
      double dot = 0;
      double square = 0;
      for (int channel = 0; channel < mean.length; channel++) {
        dot += mean[channel] * channel(color, channel);
        square += channel(color, channel) * channel(color, channel);
      }
      double light = Math.max(DARKEST, Math.min(BRIGHTEST, dot / square));
      double distance = 0;
      for (int channel = 0; channel < mean.length; channel++) {
        double difference = mean[channel] - light * channel(color, channel);
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = color;
      }
    }
    return best;
  }

  private static double channel(ObjectColor color, int channel) {
    return color.rgb() >> (16 - 8 * channel) & 0xff;
  }
}

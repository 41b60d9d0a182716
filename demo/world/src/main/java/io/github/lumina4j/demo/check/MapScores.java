package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** How near a map is to the true one, which must have the same size. */
public final class MapScores {
  // Of the world of shapes: the background first.
  private static final int[] SHAPES =
      IntStream.concat(
              IntStream.of(0), Arrays.stream(Shape.values()).mapToInt(Shape::segmentationRgb))
          .toArray();
  // Levels of 0 to 255 from which on a pixel is on an edge.
  private static final int EDGE = 128;
  private static final double WHITE = 255;

  private MapScores() {}

  /**
   * The score that fits the kind, of maps of the world of shapes: {@link #depthError}, {@link
   * #edgeF1} or {@link #meanOverlap}.
   *
   * @throws IllegalArgumentException if a picture has not the size of the canvas
   */
  public static double of(MapKind kind, RgbImage map, RgbImage truth) {
    SceneReader.checkSize(map);
    SceneReader.checkSize(truth);
    return of(kind, map, truth, SHAPES);
  }

  /**
   * The same for maps of any world.
   *
   * @param classes the colours of segmentation maps, {@code 0xRRGGBB}
   * @throws IllegalArgumentException if the pictures differ in size
   */
  public static double of(MapKind kind, RgbImage map, RgbImage truth, int[] classes) {
    return switch (kind) {
      case DEPTH -> depthError(map, truth);
      case CANNY -> edgeF1(map, truth);
      case SEGMENTATION -> meanOverlap(map, truth, classes);
    };
  }

  private static void checkSizes(RgbImage map, RgbImage truth) {
    if (map.width() != truth.width() || map.height() != truth.height()) {
      throw new IllegalArgumentException(
          "a map has "
              + (map.width() + "x" + map.height())
              + (" pixels, not " + truth.width() + "x" + truth.height()));
    }
  }

  /** The root mean square difference of the greys, 0 (equal) to 1 (black and white). */
  public static double depthError(RgbImage map, RgbImage truth) {
    checkSizes(map, truth);
    double[] greys = greys(map);
    double[] trueGreys = greys(truth);
    double sum = 0;
    for (int i = 0; i < greys.length; i++) {
      double difference = (greys[i] - trueGreys[i]) / WHITE;
      sum += difference * difference;
    }
    return Math.sqrt(sum / greys.length);
  }

  /**
   * The harmonic mean of precision and recall of the edge pixels, 0 to 1. A pixel counts as found
   * if the other map has an edge on it or beside it.
   */
  public static double edgeF1(RgbImage map, RgbImage truth) {
    checkSizes(map, truth);
    boolean[] edges = edges(map);
    boolean[] trueEdges = edges(truth);
    double precision = found(edges, trueEdges, map.width());
    double recall = found(trueEdges, edges, map.width());
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /** {@link #meanOverlap(RgbImage, RgbImage, int[])} of the background and the shapes. */
  public static double meanOverlap(RgbImage map, RgbImage truth) {
    return meanOverlap(map, truth, SHAPES);
  }

  /**
   * Intersection over union, 0 to 1: the mean over the classes that either map has. A pixel belongs
   * to the nearest colour.
   *
   * @param colors one for each class, {@code 0xRRGGBB}
   */
  public static double meanOverlap(RgbImage map, RgbImage truth, int[] colors) {
    checkSizes(map, truth);
    int[] classes = classes(map, colors);
    int[] trueClasses = classes(truth, colors);
    int number = colors.length;
    int[] common = new int[number];
    int[] either = new int[number];
    for (int i = 0; i < classes.length; i++) {
      either[classes[i]]++;
      if (classes[i] == trueClasses[i]) {
        common[classes[i]]++;
      } else {
        either[trueClasses[i]]++;
      }
    }
    double sum = 0;
    int present = 0;
    for (int i = 0; i < number; i++) {
      if (either[i] > 0) {
        sum += (double) common[i] / either[i];
        present++;
      }
    }
    return sum / present;
  }

  private static double[] greys(RgbImage map) {
    byte[] pixels = map.pixels();
    double[] greys = new double[map.width() * map.height()];
    for (int i = 0; i < pixels.length; i++) {
      greys[i / RgbImage.CHANNELS] += (pixels[i] & 0xff) / (double) RgbImage.CHANNELS;
    }
    return greys;
  }

  private static boolean[] edges(RgbImage map) {
    double[] greys = greys(map);
    boolean[] edges = new boolean[greys.length];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = greys[i] >= EDGE;
    }
    return edges;
  }

  /** The share of the first map's edges that the other has, too; 1 if there is none to find. */
  private static double found(boolean[] edges, boolean[] others, int width) {
    int all = 0;
    int found = 0;
    for (int i = 0; i < edges.length; i++) {
      if (edges[i]) {
        all++;
        found += hasNear(others, i % width, i / width, width) ? 1 : 0;
      }
    }
    return all == 0 ? 1 : (double) found / all;
  }

  private static boolean hasNear(boolean[] edges, int x, int y, int width) {
    int height = edges.length / width;
    for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        if (edges[v * width + u]) {
          return true;
        }
      }
    }
    return false;
  }

  /** The index of the nearest colour to each pixel. */
  private static int[] classes(RgbImage map, int[] colors) {
    int[] classes = new int[map.width() * map.height()];
    for (int i = 0; i < classes.length; i++) {
      int rgb = map.rgb(i % map.width(), i / map.width());
      int least = squaredDistance(rgb, colors[0]);
      for (int index = 1; index < colors.length; index++) {
        int distance = squaredDistance(rgb, colors[index]);
        if (distance < least) {
          least = distance;
          classes[i] = index;
        }
      }
    }
    return classes;
  }

  private static int squaredDistance(int rgb, int other) {
    int red = (rgb >> 16 & 0xff) - (other >> 16 & 0xff);
    int green = (rgb >> 8 & 0xff) - (other >> 8 & 0xff);
    int blue = (rgb & 0xff) - (other & 0xff);
    return red * red + green * green + blue * blue;
  }
}

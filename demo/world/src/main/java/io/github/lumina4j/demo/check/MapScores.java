package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.Shape;

/** How near a map is to the true one. All take pictures of the size of the canvas. */
public final class MapScores {
  private static final int SIDE = Scene.PIXELS;
  // Levels of 0 to 255 from which on a pixel is on an edge.
  private static final int EDGE = 128;
  private static final double WHITE = 255;

  private MapScores() {}

  /**
   * The score that fits the kind: {@link #depthError}, {@link #edgeF1} or {@link #meanOverlap}.
   *
   * @throws IllegalArgumentException if a picture has not the size of the canvas
   */
  public static double of(MapKind kind, RgbImage map, RgbImage truth) {
    return switch (kind) {
      case DEPTH -> depthError(map, truth);
      case CANNY -> edgeF1(map, truth);
      case SEGMENTATION -> meanOverlap(map, truth);
    };
  }

  /** The root mean square difference of the greys, 0 (equal) to 1 (black and white). */
  public static double depthError(RgbImage map, RgbImage truth) {
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
    boolean[] edges = edges(map);
    boolean[] trueEdges = edges(truth);
    double precision = found(edges, trueEdges);
    double recall = found(trueEdges, edges);
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /**
   * Intersection over union, 0 to 1: the mean over the background and the shapes that either map
   * has. A pixel belongs to the nearest colour.
   */
  public static double meanOverlap(RgbImage map, RgbImage truth) {
    int[] classes = classes(map);
    int[] trueClasses = classes(truth);
    int number = Shape.values().length + 1;
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
    SceneReader.checkSize(map);
    byte[] pixels = map.pixels();
    double[] greys = new double[SIDE * SIDE];
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
  private static double found(boolean[] edges, boolean[] others) {
    int all = 0;
    int found = 0;
    for (int i = 0; i < edges.length; i++) {
      if (edges[i]) {
        all++;
        found += hasNear(others, i % SIDE, i / SIDE) ? 1 : 0;
      }
    }
    return all == 0 ? 1 : (double) found / all;
  }

  private static boolean hasNear(boolean[] edges, int x, int y) {
    for (int v = Math.max(0, y - 1); v <= Math.min(SIDE - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(SIDE - 1, x + 1); u++) {
        if (edges[v * SIDE + u]) {
          return true;
        }
      }
    }
    return false;
  }

  /** 0 for background, else 1 + the shape's ordinal. */
  private static int[] classes(RgbImage map) {
    SceneReader.checkSize(map);
    Shape[] shapes = Shape.values();
    int[] classes = new int[SIDE * SIDE];
    for (int i = 0; i < classes.length; i++) {
      int rgb = map.rgb(i % SIDE, i / SIDE);
      int least = squaredDistance(rgb, 0);
      for (Shape shape : shapes) {
        int distance = squaredDistance(rgb, shape.segmentationRgb());
        if (distance < least) {
          least = distance;
          classes[i] = shape.ordinal() + 1;
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

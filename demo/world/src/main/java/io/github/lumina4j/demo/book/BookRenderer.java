package io.github.lumina4j.demo.book;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Canvas;
import io.github.lumina4j.demo.MapKind;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Draws scenes of the book: the picture and its exact maps, each {@link BookScene#PIXELS} pixels
 * square. The same scene always gives the same bytes.
 */
public final class BookRenderer {
  /** The grey of what is behind everything in depth maps. */
  public static final int FAR = 24;

  // Of the ground in depth maps: its far end, and the row at the lower side of the picture.
  private static final int GROUND_FAR = 48;
  private static final int GROUND_NEAR = 240;
  // Of things in the sky or before a plain background.
  private static final int SMALL_DEPTH = 110;
  private static final int LARGE_DEPTH = 200;

  private static final double SHADOW_STRENGTH = 0.3;
  private static final int SHADOW = 0x101830;

  private BookRenderer() {}

  /** The picture. */
  public static RgbImage picture(BookScene scene) {
    Canvas canvas = Backdrops.of(scene.place(), scene.night());
    for (PlacedThing thing : scene.things()) {
      boolean swims = swims(scene.place(), thing);
      if (!thing.airborne() && !swims) {
        shadow(canvas, thing);
      }
      Sprite sprite = visible(scene.place(), thing);
      forPixels(thing, (i, x, y) -> canvas.blend(x, y, sprite.rgb()[i], sprite.alpha()[i]));
      if (swims) {
        ripple(canvas, thing, sprite, scene.night());
      }
    }
    return canvas.image();
  }

  /** The map of that kind. */
  public static RgbImage map(MapKind kind, BookScene scene) {
    return switch (kind) {
      case DEPTH -> depth(scene);
      case CANNY -> canny(scene);
      case SEGMENTATION -> segmentation(scene);
    };
  }

  /**
   * Grey, near is bright: the ground row of cells by row of cells, things as the ground that they
   * stand on, those in the air by their size.
   */
  public static RgbImage depth(BookScene scene) {
    Canvas canvas = new Canvas(BookScene.PIXELS);
    canvas.fill(channel -> FAR);
    if (scene.place().hasGround()) {
      forGround(scene.place(), (i, x, y) -> canvas.blend(x, y, grey(groundDepth(i)), 1));
    }
    for (PlacedThing thing : scene.things()) {
      Sprite sprite = visible(scene.place(), thing);
      int rgb = grey(depth(scene.place(), thing));
      forPixels(thing, (i, x, y) -> canvas.blend(x, y, rgb, sprite.alpha()[i]));
    }
    return canvas.image();
  }

  /** The lines of the things, white on black. */
  public static RgbImage canny(BookScene scene) {
    Canvas canvas = new Canvas(BookScene.PIXELS);
    for (PlacedThing thing : scene.things()) {
      boolean[] lines = EdgeLines.of(visible(scene.place(), thing));
      forPixels(thing, (i, x, y) -> canvas.blend(x, y, 0xffffff, lines[i] ? 1 : 0));
    }
    return canvas.image();
  }

  /**
   * Everything filled with its class's colour, without mixed pixels: things by {@link
   * ThingKind#segmentationRgb}, ground and water by their own, the rest black.
   */
  public static RgbImage segmentation(BookScene scene) {
    Canvas canvas = new Canvas(BookScene.PIXELS);
    int ground = scene.place().groundClass();
    if (scene.place().hasGround()) {
      forGround(scene.place(), (i, x, y) -> canvas.blend(x, y, ground, 1));
    }
    for (PlacedThing thing : scene.things()) {
      Sprite sprite = visible(scene.place(), thing);
      int rgb = thing.name().thing().kind().segmentationRgb();
      forPixels(thing, (i, x, y) -> canvas.blend(x, y, rgb, sprite.alpha()[i] >= 0.5 ? 1 : 0));
    }
    return canvas.image();
  }

  /** The colours of segmentation maps: none, ground, water, then the kinds of things. */
  public static int[] segmentationColors() {
    return IntStream.concat(
            IntStream.of(0, Place.GROUND_CLASS, Place.WATER_CLASS),
            Arrays.stream(ThingKind.values()).mapToInt(ThingKind::segmentationRgb))
        .toArray();
  }

  /** The thing alone, in its box. */
  public static Sprite sprite(ThingName name, ThingSize size) {
    return Sprites.of(name, size);
  }

  /** What is seen of the thing in that place: in the sea it stands in the water. */
  static Sprite visible(Place place, PlacedThing thing) {
    Sprite sprite = Sprites.of(thing.name(), thing.size());
    return swims(place, thing) ? sprite.above(waterline(thing.size())) : sprite;
  }

  private static boolean swims(Place place, PlacedThing thing) {
    return place == Place.SEA && !thing.airborne();
  }

  /** The row of the box that the surface of the water is at, in pixels. */
  private static int waterline(ThingSize size) {
    return size.pixels() - size.pixels() / 6;
  }

  private static int depth(Place place, PlacedThing thing) {
    if (place.hasGround() && !thing.airborne()) {
      return groundDepth(thing.foot() - 1);
    }
    return thing.size() == ThingSize.SMALL ? SMALL_DEPTH : LARGE_DEPTH;
  }

  /** The grey of a row of cells of the ground, the same in every place. */
  private static int groundDepth(int row) {
    int first = BookScene.CELLS / 3;
    double along = (double) (row - first) / (BookScene.CELLS - 1 - first);
    return (int) Math.round(GROUND_FAR + (GROUND_NEAR - GROUND_FAR) * Math.max(0, along));
  }

  private static int grey(int level) {
    return level * 0x010101;
  }

  private static void shadow(Canvas canvas, PlacedThing thing) {
    ThingSize size = thing.size();
    double floor = size.floor();
    DoubleBinaryOperator ellipse =
        Painter.ellipse(
            size.pixels() / 2.0, size.pixels() - floor, size.side() * 0.42, floor - 0.2);
    forPixels(
        thing,
        (i, x, y) -> {
          double far = ellipse.applyAsDouble(i % size.pixels() + 0.5, i / size.pixels() + 0.5);
          double soft = Math.max(0, Math.min(1, 0.5 - far / floor));
          canvas.blend(x, y, SHADOW, SHADOW_STRENGTH * soft);
        });
  }

  /** A light line on the water around what stands in it. */
  private static void ripple(Canvas canvas, PlacedThing thing, Sprite sprite, boolean night) {
    int line = waterline(thing.size());
    int left = sprite.side();
    int right = -1;
    for (int x = 0; x < sprite.side(); x++) {
      if (sprite.covers(x, line - 1)) {
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
    if (right < 0) {
      return;
    }
    double half = (right - left + 1) / 2.0 + 2;
    DoubleBinaryOperator ellipse = Painter.ellipse((left + right + 1) / 2.0, line, half, 2);
    forPixels(
        thing,
        (i, x, y) -> {
          double far = ellipse.applyAsDouble(i % sprite.side() + 0.5, i / sprite.side() + 0.5);
          canvas.blend(
              x, y, night ? 0x8fb0d8 : 0xeaf7ff, 0.85 * Math.max(0, Math.min(1, 0.5 - far)));
        });
  }

  @FunctionalInterface
  private interface PixelDrawer {
    /** Draws pixel (x, y) of the picture, which has that index in the box. */
    void draw(int index, int x, int y);
  }

  private static void forPixels(PlacedThing thing, PixelDrawer drawer) {
    int side = thing.size().pixels();
    for (int i = 0; i < side * side; i++) {
      drawer.draw(
          i, thing.cellX() * BookScene.CELL + i % side, thing.cellY() * BookScene.CELL + i / side);
    }
  }

  /** All pixels of the ground; the index is the row of cells. */
  private static void forGround(Place place, PixelDrawer drawer) {
    for (int y = place.groundTop() * BookScene.CELL; y < BookScene.PIXELS; y++) {
      for (int x = 0; x < BookScene.PIXELS; x++) {
        drawer.draw(y / BookScene.CELL, x, y);
      }
    }
  }
}

package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;

/**
 * Draws scenes: the picture and its exact maps, each {@link Scene#PIXELS} pixels square. The same
 * scene always gives the same bytes.
 */
public final class SceneRenderer {
  /** The grey of the background in depth maps. */
  public static final int FAR = 40;

  private static final int WHITE = 0xffffff;
  private static final double RIM_PIXELS = 1.5;
  private static final double RIM_SHADE = 0.66;
  private static final double LIGHT = 1.14;
  private static final double SHADE = 0.84;
  private static final double SHADOW_STRENGTH = 0.32;
  // Half the width of the lines of edge maps.
  private static final double LINE = 1;

  private SceneRenderer() {}

  /** The picture: shaded shapes with a thin rim and a soft shadow. */
  public static RgbImage picture(Scene scene) {
    Canvas canvas = new Canvas(Scene.PIXELS);
    Background background = scene.background();
    canvas.fill(background::level);
    for (SceneObject object : scene.objects()) {
      drawObject(canvas, object);
    }
    return canvas.image();
  }

  /** The map of that kind. */
  public static RgbImage map(MapKind kind, Scene scene) {
    return switch (kind) {
      case DEPTH -> depth(scene);
      case CANNY -> canny(scene);
      case SEGMENTATION -> segmentation(scene);
    };
  }

  /** Grey: the background {@link #FAR}, objects by {@link ObjectSize#depth}, near is bright. */
  public static RgbImage depth(Scene scene) {
    Canvas canvas = new Canvas(Scene.PIXELS);
    canvas.fill(channel -> FAR);
    for (SceneObject object : scene.objects()) {
      int grey = object.size().depth() * 0x010101;
      forPixels(object, (mask, i, x, y) -> canvas.blend(x, y, grey, mask.coverage(i)));
    }
    return canvas.image();
  }

  /** The outlines of the shapes as white lines of 2 pixels on black. */
  public static RgbImage canny(Scene scene) {
    Canvas canvas = new Canvas(Scene.PIXELS);
    for (SceneObject object : scene.objects()) {
      forPixels(
          object,
          (mask, i, x, y) ->
              canvas.blend(x, y, WHITE, Mask.clamp(LINE + 0.5 - Math.abs(mask.distance()[i]))));
    }
    return canvas.image();
  }

  /** Every shape filled with {@link Shape#segmentationRgb} on black, without mixed pixels. */
  public static RgbImage segmentation(Scene scene) {
    Canvas canvas = new Canvas(Scene.PIXELS);
    for (SceneObject object : scene.objects()) {
      int rgb = object.shape().segmentationRgb();
      forPixels(object, (mask, i, x, y) -> canvas.blend(x, y, rgb, mask.distance()[i] < 0 ? 1 : 0));
    }
    return canvas.image();
  }

  /**
   * The signed distances of the pixels of an object's box from the outline of its shape.
   *
   * @return [side, side] in pixels, row-major, negative inside; side is {@link ObjectSize#pixels}
   */
  public static float[] distances(Shape shape, ObjectSize size) {
    return Mask.of(shape, size).distance().clone();
  }

  private static void drawObject(Canvas canvas, SceneObject object) {
    int rgb = object.color().rgb();
    double soft = object.size().shadow();
    forPixels(
        object,
        (mask, i, x, y) -> {
          double shadow = Mask.clamp((soft - mask.shadow()[i]) / (2 * soft));
          canvas.blend(x, y, 0, SHADOW_STRENGTH * shadow);
          double across = (i % mask.side() + i / mask.side()) / (2.0 * mask.side() - 2);
          canvas.blend(x, y, shaded(rgb, mask.distance()[i], across), mask.coverage(i));
        });
  }

  /**
   * The colour of a shape at a pixel: light falls from the top left, and the rim is darker.
   *
   * @param rgb the shape's colour, {@code 0xRRGGBB}
   * @param distance of the pixel from the outline in pixels, negative inside
   * @param across where the pixel lies from the top left corner of the box, 0, to the other, 1
   */
  public static int shaded(int rgb, double distance, double across) {
    double rim = Mask.clamp(distance + RIM_PIXELS + 0.5);
    double light = LIGHT + (SHADE - LIGHT) * across;
    return scaled(rgb, light * (1 - rim * (1 - RIM_SHADE)));
  }

  /** The colour with every channel times a factor, as far as it goes. */
  private static int scaled(int rgb, double factor) {
    int red = (int) Math.min(255, Math.round((rgb >> 16 & 0xff) * factor));
    int green = (int) Math.min(255, Math.round((rgb >> 8 & 0xff) * factor));
    int blue = (int) Math.min(255, Math.round((rgb & 0xff) * factor));
    return red << 16 | green << 8 | blue;
  }

  @FunctionalInterface
  private interface PixelDrawer {
    /** Draws pixel (x, y) of the canvas, which is pixel {@code index} of the mask. */
    void draw(Mask mask, int index, int x, int y);
  }

  private static void forPixels(SceneObject object, PixelDrawer drawer) {
    Mask mask = Mask.of(object.shape(), object.size());
    for (int i = 0; i < mask.side() * mask.side(); i++) {
      drawer.draw(
          mask,
          i,
          object.cellX() * Scene.CELL + i % mask.side(),
          object.cellY() * Scene.CELL + i / mask.side());
    }
  }
}

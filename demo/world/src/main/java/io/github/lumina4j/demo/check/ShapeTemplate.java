package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The renderer's mask of one shape in one size.
 *
 * @param distances [side, side] in pixels, negative inside
 * @param area pixels inside
 * @param centerX the middle of the inside's bounding box, in pixels from the box's left
 * @param centerY the same from its top
 */
record ShapeTemplate(
    Shape shape, ObjectSize size, float[] distances, int area, double centerX, double centerY) {
  static final List<ShapeTemplate> ALL = all();

  // How far, in pixels, a template may lie from where its bounding box fits.
  private static final int REACH = 2;

  /**
   * Where a template fits a component.
   *
   * @param left the x of the template's box in the picture; {@code top} is its y
   * @param overlap intersection over union
   */
  record Fit(ShapeTemplate template, int left, int top, double overlap) {}

  private static List<ShapeTemplate> all() {
    List<ShapeTemplate> templates = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (ObjectSize size : ObjectSize.values()) {
        templates.add(of(shape, size));
      }
    }
    return List.copyOf(templates);
  }

  private static ShapeTemplate of(Shape shape, ObjectSize size) {
    float[] distances = SceneRenderer.distances(shape, size);
    int side = size.pixels();
    int area = 0;
    int left = side;
    int top = side;
    int right = -1;
    int bottom = -1;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] < 0) {
        area++;
        left = Math.min(left, i % side);
        right = Math.max(right, i % side);
        top = Math.min(top, i / side);
        bottom = Math.max(bottom, i / side);
      }
    }
    return new ShapeTemplate(
        shape, size, distances, area, (left + right) / 2.0, (top + bottom) / 2.0);
  }

  /** The best fit of all templates. */
  static Fit best(Component component) {
    Fit best = null;
    for (ShapeTemplate template : ALL) {
      // No overlap exceeds the ratio of the areas: skip what cannot be better.
      double ratio = (double) template.area / component.area();
      if (best == null || Math.min(ratio, 1 / ratio) > best.overlap) {
        Fit fit = template.fit(component);
        best = best == null || fit.overlap > best.overlap ? fit : best;
      }
    }
    return best;
  }

  private Fit fit(Component component) {
    int left = (int) Math.round((component.left() + component.right()) / 2.0 - centerX);
    int top = (int) Math.round((component.top() + component.bottom()) / 2.0 - centerY);
    Fit best = null;
    for (int y = top - REACH; y <= top + REACH; y++) {
      for (int x = left - REACH; x <= left + REACH; x++) {
        int common = common(component.mask(), x, y);
        double overlap = (double) common / (area + component.area() - common);
        if (best == null || overlap > best.overlap) {
          best = new Fit(this, x, y, overlap);
        }
      }
    }
    return best;
  }

  /** How many pixels of the mask lie inside this shape. */
  private int common(boolean[] mask, int left, int top) {
    int side = size.pixels();
    int common = 0;
    for (int y = Math.max(0, -top); y < Math.min(side, Scene.PIXELS - top); y++) {
      for (int x = Math.max(0, -left); x < Math.min(side, Scene.PIXELS - left); x++) {
        if (distances[y * side + x] < 0 && mask[(top + y) * Scene.PIXELS + left + x]) {
          common++;
        }
      }
    }
    return common;
  }
}

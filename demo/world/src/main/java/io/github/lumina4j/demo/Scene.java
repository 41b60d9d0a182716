package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a picture shows: objects on a background. Boxes keep a free cell between each other and may
 * touch the border. Two scenes are equal when their pictures are.
 *
 * @param objects at most {@value #MAX_OBJECTS}, kept from top to bottom, then from left to right
 */
public record Scene(Background background, List<SceneObject> objects) {
  /** The side of a cell in pixels: one code of the image tokenizer. */
  public static final int CELL = 8;

  /** The side of the canvas in cells. */
  public static final int CELLS = 12;

  /** The side of the canvas in pixels. */
  public static final int PIXELS = CELL * CELLS;

  /** The most objects in a scene. */
  public static final int MAX_OBJECTS = 4;

  private static final Comparator<SceneObject> ORDER =
      Comparator.comparingInt(SceneObject::cellY).thenComparingInt(SceneObject::cellX);

  /**
   * @throws IllegalArgumentException if there are too many objects or two are too close
   */
  public Scene {
    Objects.requireNonNull(background, "background");
    objects = objects.stream().sorted(ORDER).toList();
    if (objects.size() > MAX_OBJECTS) {
      throw new IllegalArgumentException(
          objects.size() + " objects in a scene; at most " + MAX_OBJECTS + " fit");
    }
    for (int i = 0; i < objects.size(); i++) {
      for (SceneObject other : objects.subList(0, i)) {
        if (!objects.get(i).clearOf(other)) {
          throw new IllegalArgumentException(
              "no free cell between " + objects.get(i) + " and " + other);
        }
      }
    }
  }

  /**
   * The object of that name.
   *
   * @throws IllegalArgumentException if there is not exactly one
   */
  public SceneObject named(ObjectName name) {
    List<SceneObject> found = objects.stream().filter(o -> o.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "'the " + name + "' names " + found.size() + " objects of the scene, not one");
    }
    return found.get(0);
  }

  /** Whether the object is clear of all objects here, and not one too many. */
  public boolean hasRoomFor(SceneObject object) {
    return objects.size() < MAX_OBJECTS && objects.stream().allMatch(object::clearOf);
  }

  /**
   * This scene with one object more.
   *
   * @throws IllegalArgumentException if there is no room for it
   */
  public Scene with(SceneObject object) {
    List<SceneObject> more = new ArrayList<>(objects);
    more.add(object);
    return new Scene(background, more);
  }

  /** This scene without an object. */
  public Scene without(SceneObject object) {
    return new Scene(background, objects.stream().filter(o -> !o.equals(object)).toList());
  }
}

package io.github.lumina4j.demo;

import java.util.Locale;
import java.util.Objects;

/**
 * One change of a scene that leaves everything else as it is. Objects are meant by colour and
 * shape, so the name must fit exactly one object of the scene.
 */
public sealed interface Edit {
  /** How far {@link Move} moves, in cells. */
  int MOVE_CELLS = 3;

  /**
   * The scene after the change.
   *
   * @throws IllegalArgumentException if a name does not fit exactly one object, or there is no room
   */
  Scene apply(Scene scene);

  /** What a user would say, such as {@code make the red circle green}. */
  String instruction();

  /** What the changed object is called before the change, or after it if it is new. */
  ObjectName target();

  /** The object gets another colour. */
  record Recolour(ObjectName target, ObjectColor color) implements Edit {
    @Override
    public Scene apply(Scene scene) {
      SceneObject object = scene.named(target);
      return scene.without(object).with(object.in(color));
    }

    @Override
    public String instruction() {
      return "make the " + target + " " + color.word();
    }
  }

  /**
   * A new object.
   *
   * @param object the object where it will be; the instruction says only what it is
   * @param relation where it lies seen from {@code anchor}; null if unsaid
   * @param anchor an object of the scene; null exactly if the relation is
   */
  record Add(SceneObject object, Relation relation, ObjectName anchor) implements Edit {
    /**
     * @throws IllegalArgumentException if only one of relation and anchor is given
     */
    public Add {
      Objects.requireNonNull(object, "object");
      if ((relation == null) != (anchor == null)) {
        throw new IllegalArgumentException("relation " + relation + " to " + anchor);
      }
    }

    @Override
    public Scene apply(Scene scene) {
      if (relation != null && !relation.holds(object, scene.named(anchor))) {
        throw new IllegalArgumentException(
            object + " does not lie " + relation.words() + " the " + anchor);
      }
      return scene.with(object);
    }

    @Override
    public String instruction() {
      String added = "add " + ObjectPhrase.of(object.name()).text();
      return relation == null ? added : added + " " + relation.words() + " the " + anchor;
    }

    @Override
    public ObjectName target() {
      return object.name();
    }
  }

  /** The object vanishes. */
  record Remove(ObjectName target) implements Edit {
    @Override
    public Scene apply(Scene scene) {
      return scene.without(scene.named(target));
    }

    @Override
    public String instruction() {
      return "remove the " + target;
    }
  }

  /** The object moves by {@link #MOVE_CELLS} cells. */
  record Move(ObjectName target, Direction direction) implements Edit {
    @Override
    public Scene apply(Scene scene) {
      SceneObject object = scene.named(target);
      SceneObject moved =
          object.at(
              object.cellX() + direction.dx() * MOVE_CELLS,
              object.cellY() + direction.dy() * MOVE_CELLS);
      return scene.without(object).with(moved);
    }

    @Override
    public String instruction() {
      return "move the " + target + " " + direction.word();
    }
  }

  /** Where objects move. */
  enum Direction {
    LEFT(-1, 0),
    RIGHT(1, 0),
    UP(0, -1),
    DOWN(0, 1);

    private final int dx;
    private final int dy;

    Direction(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }

    /** The word in instructions. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The step to the right: -1, 0 or 1. */
    public int dx() {
      return dx;
    }

    /** The step downwards: -1, 0 or 1. */
    public int dy() {
      return dy;
    }
  }
}

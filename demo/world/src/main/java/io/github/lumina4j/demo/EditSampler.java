package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws scenes and edits of them at random; every scene on the way is of one {@link Split}. */
public final class EditSampler {
  // How often scenes have one, two, three and four objects at first.
  private static final int[] OBJECTS = {2, 5, 4, 2};

  private enum Kind {
    RECOLOUR,
    ADD,
    REMOVE,
    MOVE
  }

  private final Split split;
  private final SceneSampler scenes;

  public EditSampler(Split split) {
    this.split = split;
    this.scenes = new SceneSampler(split);
  }

  /**
   * A scene and that many edits, one after the other. Each changes another object, and none speaks
   * of an object that an earlier one has changed.
   *
   * @param length 1 or 2
   * @throws IllegalArgumentException if the length is out of range
   */
  public EditChain draw(SplitMix random, int length) {
    if (length < 1 || length > 2) {
      throw new IllegalArgumentException("a chain of " + length + " edits");
    }
    // Before the scene, so that kinds which seldom fit are no less frequent.
    List<Kind> kinds = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      kinds.add(random.pick(Kind.class));
    }
    Optional<EditChain> drawn = Optional.empty();
    while (drawn.isEmpty()) {
      Scene before = scenes.draw(random, 1 + random.weighted(OBJECTS));
      drawn = Optional.of(new EditChain(before, List.of()));
      for (Kind kind : kinds) {
        drawn = drawn.flatMap(chain -> tryLonger(random, chain, kind));
      }
    }
    return drawn.get();
  }

  private Optional<EditChain> tryLonger(SplitMix random, EditChain chain, Kind kind) {
    Scene scene = chain.after();
    List<ObjectName> names = new ArrayList<>();
    for (SceneObject object : scene.objects()) {
      // Untouched so far: it was there at first, under this name.
      if (chain.before().objects().contains(object)) {
        names.add(object.name());
      }
    }
    return tryEdit(random, scene, names, kind)
        .map(chain::then)
        .filter(longer -> split.contains(longer.after()) && distinctNames(longer.after()));
  }

  private static Optional<Edit> tryEdit(
      SplitMix random, Scene scene, List<ObjectName> names, Kind kind) {
    if (kind == Kind.ADD) {
      return tryAdd(random, scene, names);
    }
    if (names.isEmpty() || (kind == Kind.REMOVE && scene.objects().size() < 2)) {
      return Optional.empty();
    }
    ObjectName target = random.pick(names);
    return switch (kind) {
      case RECOLOUR ->
          Optional.of(random.pick(ObjectColor.class))
              .filter(color -> color != target.color())
              .map(color -> new Edit.Recolour(target, color));
      case REMOVE -> Optional.of(new Edit.Remove(target));
      default -> tryMove(scene.named(target), scene, random.pick(Edit.Direction.class));
    };
  }

  private static Optional<Edit> tryAdd(SplitMix random, Scene scene, List<ObjectName> names) {
    SceneObject loose =
        new SceneObject(
            random.pick(Shape.class),
            random.pick(ObjectColor.class),
            random.pick(ObjectSize.class),
            0,
            0);
    boolean related = random.chance(0.5) && !names.isEmpty();
    Relation relation = related ? random.pick(Relation.class) : null;
    ObjectName anchor = related ? random.pick(names) : null;
    List<SceneObject> places =
        Placement.places(
            loose,
            o -> scene.hasRoomFor(o) && (!related || relation.holds(o, scene.named(anchor))));
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(new Edit.Add(random.pick(places), relation, anchor));
  }

  private static Optional<Edit> tryMove(SceneObject object, Scene scene, Edit.Direction direction) {
    int x = object.cellX() + direction.dx() * Edit.MOVE_CELLS;
    int y = object.cellY() + direction.dy() * Edit.MOVE_CELLS;
    int last = Scene.CELLS - object.size().cells();
    boolean fits =
        x >= 0
            && x <= last
            && y >= 0
            && y <= last
            && scene.without(object).hasRoomFor(object.at(x, y));
    return fits ? Optional.of(new Edit.Move(object.name(), direction)) : Optional.empty();
  }

  private static boolean distinctNames(Scene scene) {
    long names = scene.objects().stream().map(SceneObject::name).distinct().count();
    return names == scene.objects().size();
  }
}

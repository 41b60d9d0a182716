package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds places for objects: boxes on the canvas, with a free cell between each other. */
final class Placement {
  private Placement() {}

  /** The objects one after the other at random places, or none if one found no room. */
  static Optional<List<SceneObject>> anywhere(SplitMix random, List<SceneObject> objects) {
    List<SceneObject> placed = new ArrayList<>();
    for (SceneObject object : objects) {
      List<SceneObject> places = places(object, o -> placed.stream().allMatch(o::clearOf));
      if (places.isEmpty()) {
        return Optional.empty();
      }
      placed.add(random.pick(places));
    }
    return Optional.of(placed);
  }

  /** Both objects at random places where the relation holds; two large ones always fit. */
  static Optional<List<SceneObject>> related(
      SplitMix random, SceneObject a, Relation relation, SceneObject b) {
    List<SceneObject> around =
        places(b, other -> !places(a, o -> relation.holds(o, other)).isEmpty());
    if (around.isEmpty()) {
      return Optional.empty();
    }
    SceneObject second = random.pick(around);
    SceneObject first = random.pick(places(a, o -> relation.holds(o, second)));
    return Optional.of(List.of(first, second));
  }

  /** The object at every place of the canvas that is allowed. */
  static List<SceneObject> places(SceneObject object, Predicate<SceneObject> allowed) {
    int last = Scene.CELLS - object.size().cells();
    List<SceneObject> places = new ArrayList<>();
    for (int y = 0; y <= last; y++) {
      for (int x = 0; x <= last; x++) {
        SceneObject there = object.at(x, y);
        if (allowed.test(there)) {
          places.add(there);
        }
      }
    }
    return places;
  }
}

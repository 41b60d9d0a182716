package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a picture shows exactly a scene. */
public final class SceneCheck {
  /** How far a centre may be off in each direction, in pixels: half a cell. */
  static final double TOLERANCE = Scene.CELL / 2.0;

  private SceneCheck() {}

  /** Every object at its place, in its colour and size, the background, and nothing else. */
  public static Verdict check(Scene expected, SeenScene seen) {
    return check(expected, Set.of(), seen);
  }

  /**
   * The same, but the objects of some names may have any place and size.
   *
   * @param loose those names
   */
  static Verdict check(Scene expected, Set<ObjectName> loose, SeenScene seen) {
    Verdict objects = checkObjects(expected.objects(), loose, seen.objects());
    if (!objects.passed()) {
      return objects;
    }
    if (seen.unknown() > 0) {
      return Verdict.failed("something that is no shape");
    }
    return seen.background() == expected.background()
        ? Verdict.PASSED
        : Verdict.failed("the background is " + seen.background().word());
  }

  /** Just these objects, whatever lies behind them. */
  static Verdict checkObjects(
      List<SceneObject> expected, Set<ObjectName> loose, List<SeenObject> seen) {
    List<SeenObject> rest = new ArrayList<>(seen);
    for (SceneObject object : expected) {
      boolean anywhere = loose.contains(object.name());
      Optional<SeenObject> found =
          rest.stream()
              .filter(o -> o.name().equals(object.name()))
              .filter(o -> anywhere || atPlaceOf(object, o))
              .findFirst();
      if (found.isEmpty()) {
        return Verdict.failed("no " + object.name() + (anywhere ? "" : " at its place"));
      }
      rest.remove(found.get());
    }
    return rest.isEmpty()
        ? Verdict.PASSED
        : Verdict.failed("a " + rest.get(0).name() + " too many");
  }

  private static boolean atPlaceOf(SceneObject object, SeenObject seen) {
    return seen.size() == object.size()
        && Math.abs(seen.centerX() - object.centerX()) <= TOLERANCE
        && Math.abs(seen.centerY() - object.centerY()) <= TOLERANCE;
  }
}

package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Edit;
import io.github.lumina4j.demo.EditChain;
import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a picture is the edit of another that was asked for.
 *
 * @param verdict passed if every change is made and every other object is where it was
 * @param made whether the changes themselves are made: the objects they are about are what they
 *     should be, on the same background; what became of the others is not asked
 * @param unchangedPsnr decibels between both pictures outside the boxes of what changes; positive
 *     infinity if nothing differs there
 */
public record EditCheck(Verdict verdict, boolean made, double unchangedPsnr) {
  private static final double PEAK = 255;

  /**
   * Compares a picture with what edits should have made of it. An object that was added may lie
   * anywhere the instruction allows.
   *
   * @param chain the scene of the picture before, and the edits
   * @param before the picture of that scene
   * @param after the edited picture
   * @throws IllegalArgumentException if a picture has not the size of the canvas
   */
  public static EditCheck of(EditChain chain, RgbImage before, RgbImage after) {
    SceneReader.checkSize(before);
    SeenScene seen = SceneReader.read(after);
    boolean[] changed = new boolean[Scene.PIXELS * Scene.PIXELS];
    Scene scene = chain.before();
    Set<ObjectName> added = new HashSet<>();
    Verdict related = Verdict.PASSED;
    for (Edit edit : chain.edits()) {
      Scene next = edit.apply(scene);
      if (edit instanceof Edit.Add add) {
        added.add(add.target());
        related = related.passed() ? related(add, seen) : related;
        seen.named(add.target()).forEach(o -> mark(changed, o.left(), o.top(), o.size().pixels()));
      } else {
        markDifference(changed, scene, next);
        markDifference(changed, next, scene);
      }
      scene = next;
    }
    Verdict whole = SceneCheck.check(scene, added, seen);
    return new EditCheck(
        whole.passed() ? related : whole,
        related.passed() && isMade(chain.before(), scene, added, seen),
        psnr(before, after, changed));
  }

  private static boolean isMade(Scene before, Scene after, Set<ObjectName> added, SeenScene seen) {
    Set<ObjectName> concerned = new HashSet<>();
    onlyIn(before, after).forEach(object -> concerned.add(object.name()));
    onlyIn(after, before).forEach(object -> concerned.add(object.name()));
    List<SceneObject> expected =
        after.objects().stream().filter(o -> concerned.contains(o.name())).toList();
    List<SeenObject> there =
        seen.objects().stream().filter(o -> concerned.contains(o.name())).toList();
    return seen.background() == after.background()
        && SceneCheck.checkObjects(expected, added, there).passed();
  }

  private static List<SceneObject> onlyIn(Scene scene, Scene other) {
    return scene.objects().stream().filter(o -> !other.objects().contains(o)).toList();
  }

  private static Verdict related(Edit.Add add, SeenScene seen) {
    if (add.relation() == null) {
      return Verdict.PASSED;
    }
    Optional<SeenObject> object = seen.named(add.target()).stream().findFirst();
    Optional<SeenObject> anchor = seen.named(add.anchor()).stream().findFirst();
    boolean holds =
        object.isPresent()
            && anchor.isPresent()
            && CaptionCheck.holds(object.get(), add.relation(), anchor.get());
    return holds
        ? Verdict.PASSED
        : Verdict.failed(
            "the " + add.target() + " is not " + add.relation().words() + " the " + add.anchor());
  }

  /** Marks the boxes of the objects that only the first scene has. */
  private static void markDifference(boolean[] changed, Scene scene, Scene other) {
    for (SceneObject object : onlyIn(scene, other)) {
      int left = object.cellX() * Scene.CELL;
      int top = object.cellY() * Scene.CELL;
      mark(changed, left, top, object.size().pixels());
    }
  }

  private static void mark(boolean[] changed, int left, int top, int side) {
    for (int y = Math.max(0, top); y < Math.min(Scene.PIXELS, top + side); y++) {
      for (int x = Math.max(0, left); x < Math.min(Scene.PIXELS, left + side); x++) {
        changed[y * Scene.PIXELS + x] = true;
      }
    }
  }

  private static double psnr(RgbImage a, RgbImage b, boolean[] without) {
    byte[] left = a.pixels();
    byte[] right = b.pixels();
    long sum = 0;
    long count = 0;
    for (int i = 0; i < left.length; i++) {
      if (!without[i / RgbImage.CHANNELS]) {
        int difference = (left[i] & 0xff) - (right[i] & 0xff);
        sum += (long) difference * difference;
        count++;
      }
    }
    return sum == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(PEAK * PEAK * count / sum);
  }
}

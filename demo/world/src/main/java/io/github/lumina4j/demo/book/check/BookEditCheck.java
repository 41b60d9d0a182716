package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookEdit;
import io.github.lumina4j.demo.book.BookEditChain;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.PlacedThing;
import io.github.lumina4j.demo.book.ThingName;
import io.github.lumina4j.demo.check.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a picture is the edit of another that was asked for.
 *
 * @param verdict passed if every change is made and everything else is where it was
 * @param made whether the changes themselves are made, whatever became of the other things
 * @param unchangedPsnr decibels between both pictures outside the boxes of what changes; positive
 *     infinity if nothing differs there; not a number where the whole picture changes
 */
public record BookEditCheck(Verdict verdict, boolean made, double unchangedPsnr) {
  private static final double PEAK = 255;

  /**
   * Compares a picture with what edits should have made of it. A thing that was added may be
   * anywhere the instruction allows, in any size.
   *
   * @throws IllegalArgumentException if a picture has not the size of the book
   */
  public static BookEditCheck of(BookEditChain chain, RgbImage before, RgbImage after) {
    BookReader.checkSize(before);
    SeenBookScene seen = BookReader.read(after);
    BookScene scene = chain.before();
    Set<ThingName> added = new HashSet<>();
    Set<ThingName> concerned = new HashSet<>();
    boolean[] changed = new boolean[BookScene.PIXELS * BookScene.PIXELS];
    boolean related = true;
    boolean everywhere = false;
    for (BookEdit edit : chain.edits()) {
      BookScene next = edit.apply(scene);
      if (edit instanceof BookEdit.Add add) {
        added.add(add.thing().name());
        concerned.add(add.thing().name());
        related &= add.relation() == null || related(add, seen);
        things(seen).stream()
            .filter(thing -> thing.name().equals(add.thing().name()))
            .forEach(thing -> mark(changed, thing));
      } else if (edit.target().isEmpty()) {
        everywhere = true;
      } else {
        List<PlacedThing> touched = new ArrayList<>(onlyIn(scene, next));
        touched.addAll(onlyIn(next, scene));
        touched.forEach(thing -> mark(changed, thing));
        touched.forEach(thing -> concerned.add(thing.name()));
      }
      scene = next;
    }
    boolean where = seen.place() == scene.place() && seen.night() == scene.night();
    boolean made = where && related && same(scene, seen, added, concerned);
    Set<ThingName> all = new HashSet<>(scene.names());
    things(seen).forEach(thing -> all.add(thing.name()));
    boolean rest = same(scene, seen, added, all) && seen.unknown() == 0;
    Verdict verdict =
        made && rest
            ? Verdict.PASSED
            : Verdict.failed(made ? "something else has changed" : "the change is not made");
    return new BookEditCheck(verdict, made, everywhere ? Double.NaN : psnr(before, after, changed));
  }

  /** Whether of these names the picture has just what the scene has, where it has them. */
  private static boolean same(
      BookScene scene, SeenBookScene seen, Set<ThingName> anywhere, Set<ThingName> names) {
    List<PlacedThing> left =
        new ArrayList<>(things(seen).stream().filter(t -> names.contains(t.name())).toList());
    for (PlacedThing thing : scene.things()) {
      if (names.contains(thing.name())) {
        boolean found =
            anywhere.contains(thing.name())
                ? left.removeIf(other -> other.name().equals(thing.name()))
                : left.remove(thing);
        if (!found) {
          return false;
        }
      }
    }
    return left.isEmpty();
  }

  private static boolean related(BookEdit.Add add, SeenBookScene seen) {
    List<PlacedThing> things = things(seen);
    return things.stream()
        .filter(thing -> thing.name().equals(add.thing().name()))
        .anyMatch(
            thing ->
                things.stream()
                    .filter(other -> other.name().equals(add.anchor()))
                    .anyMatch(other -> add.relation().holds(thing, other)));
  }

  private static List<PlacedThing> things(SeenBookScene seen) {
    return seen.things().stream().map(SeenThing::thing).toList();
  }

  private static List<PlacedThing> onlyIn(BookScene scene, BookScene other) {
    return scene.things().stream().filter(thing -> !other.things().contains(thing)).toList();
  }

  private static void mark(boolean[] changed, PlacedThing thing) {
    int cell = BookScene.CELL;
    int side = thing.size().pixels();
    for (int y = thing.cellY() * cell; y < thing.cellY() * cell + side; y++) {
      int left = y * BookScene.PIXELS + thing.cellX() * cell;
      Arrays.fill(changed, left, left + side, true);
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

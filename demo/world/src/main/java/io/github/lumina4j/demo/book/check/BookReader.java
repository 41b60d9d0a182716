package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.PlacedThing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells what a picture of the book shows, by drawing it: the nearest place first, then again and
 * again the thing that brings the drawing nearest to the picture, until none does. Made for
 * pictures that an image tokenizer has blurred and shifted in colour. Things are looked for where
 * the world has them: on the grid of cells, on the ground or in the sky as is their habit.
 */
public final class BookReader {
  // How many of the likeliest things at their likeliest positions are drawn and compared.
  private static final int CANDIDATES = 5;
  // A thing must take away at least this share of the difference in its box.
  private static final double EXPLAINED = 0.5;
  // And leave no more than this, root mean square in levels of 0 to 255.
  private static final double MOST_ERROR = 34;
  // And the box without it must differ by more than this.
  private static final double LEAST_DIFFERENCE = 9;
  // A cell that differs by more than this shows something unknown.
  private static final double UNKNOWN = 40;
  // Squared differences of pixels in the search for the place count up to this.
  private static final double ELSEWHERE = 3 * 40 * 40;

  private final RgbImage picture;
  private final CoarsePicture coarse;

  private BookReader(RgbImage picture) {
    this.picture = picture;
    this.coarse = CoarsePicture.of(picture);
  }

  /**
   * What the picture shows.
   *
   * @throws IllegalArgumentException if the picture has not the size of the book
   */
  public static SeenBookScene read(RgbImage picture) {
    checkSize(picture);
    return new BookReader(picture).read();
  }

  /**
   * @throws IllegalArgumentException if the picture has not the size of the book
   */
  static void checkSize(RgbImage picture) {
    if (picture.width() != BookScene.PIXELS || picture.height() != BookScene.PIXELS) {
      throw new IllegalArgumentException(
          "a picture of the book has "
              + (BookScene.PIXELS + "x" + BookScene.PIXELS)
              + (" pixels, not " + picture.width() + "x" + picture.height()));
    }
  }

  private SeenBookScene read() {
    BookScene scene = nearestPlace();
    List<SeenThing> things = new ArrayList<>();
    Optional<SeenThing> next = next(scene);
    while (next.isPresent()) {
      things.add(next.get());
      scene = scene.with(next.get().thing());
      next = next(scene);
    }
    return new SeenBookScene(scene.place(), scene.night(), things, unknown(scene));
  }

  private BookScene nearestPlace() {
    BookScene best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Place place : Place.values()) {
      for (boolean night : place.hasNight() ? new boolean[] {false, true} : new boolean[] {false}) {
        BookScene empty = new BookScene(place, night, List.of());
        double difference = difference(BookRenderer.picture(empty));
        if (difference < least) {
          least = difference;
          best = empty;
        }
      }
    }
    return best;
  }

  private double difference(RgbImage other) {
    double sum = 0;
    for (int y = 0; y < BookScene.PIXELS; y++) {
      for (int x = 0; x < BookScene.PIXELS; x++) {
        sum += Math.min(ELSEWHERE, squared(picture.rgb(x, y), other.rgb(x, y)));
      }
    }
    return sum;
  }

  private record Candidate(ThingTemplate template, int cellX, int cellY, double gain) {}

  /** The thing that explains most of what the scene does not, or none. */
  private Optional<SeenThing> next(BookScene scene) {
    if (scene.things().size() == BookScene.MAX_THINGS) {
      return Optional.empty();
    }
    RgbImage drawn = BookRenderer.picture(scene);
    CoarsePicture background = CoarsePicture.of(drawn);
    BoxSums differences = ThingTemplate.differences(coarse, background);
    List<Candidate> candidates = new ArrayList<>();
    for (ThingTemplate template : ThingTemplate.of()) {
      candidate(template, scene, background, differences).ifPresent(candidates::add);
    }
    return candidates.stream()
        .sorted(Comparator.comparingDouble(Candidate::gain).reversed())
        .limit(CANDIDATES)
        .flatMap(c -> placed(scene, c.template, c.cellX, c.cellY).stream())
        .flatMap(thing -> seen(scene, thing, drawn).stream())
        .max(Comparator.comparingDouble(Seen::gain))
        .map(Seen::thing);
  }

  /** The template where it explains most, or none if it explains nothing anywhere. */
  private Optional<Candidate> candidate(
      ThingTemplate template, BookScene scene, CoarsePicture background, BoxSums differences) {
    Candidate best = new Candidate(template, 0, 0, 0);
    int scale = BookScene.CELL / CoarsePicture.STEP;
    int last = BookScene.CELLS - template.size().cells();
    for (int y = 0; y <= last; y++) {
      for (int x = 0; x <= last; x++) {
        int left = x * scale;
        int top = y * scale;
        // No thing takes away more than there is.
        if (differences.of(left, top, template.side()) <= best.gain) {
          continue;
        }
        double gain = template.gain(coarse, background, left, top);
        if (gain > best.gain && !placed(scene, template, x, y).isEmpty()) {
          best = new Candidate(template, x, y, gain);
        }
      }
    }
    return best.gain > 0 ? Optional.of(best) : Optional.empty();
  }

  /** The thing of a template at a position, on the ground and in the air if both can be. */
  private static List<PlacedThing> placed(BookScene scene, ThingTemplate template, int x, int y) {
    return Stream.of(false, true)
        .map(airborne -> new PlacedThing(template.name(), template.size(), airborne, x, y))
        .filter(scene::hasRoomFor)
        .toList();
  }

  private record Seen(SeenThing thing, double gain) {}

  /** Compares the box of a thing with the picture; none if it does not explain it. */
  private Optional<Seen> seen(BookScene scene, PlacedThing thing, RgbImage without) {
    RgbImage with =
        BookRenderer.picture(new BookScene(scene.place(), scene.night(), List.of(thing)));
    double before = 0;
    double after = 0;
    int side = thing.size().pixels();
    for (int y = thing.cellY() * BookScene.CELL; y < thing.foot() * BookScene.CELL; y++) {
      int left = thing.cellX() * BookScene.CELL;
      for (int x = left; x < left + side; x++) {
        before += squared(picture.rgb(x, y), without.rgb(x, y));
        after += squared(picture.rgb(x, y), with.rgb(x, y));
      }
    }
    double error = Math.sqrt(after / (side * side * RgbImage.CHANNELS));
    double difference = Math.sqrt(before / (side * side * RgbImage.CHANNELS));
    boolean explains =
        difference > LEAST_DIFFERENCE && error < MOST_ERROR && after < (1 - EXPLAINED) * before;
    return explains
        ? Optional.of(new Seen(new SeenThing(thing, error), before - after))
        : Optional.empty();
  }

  /** How many cells neither the place nor the things explain. */
  private int unknown(BookScene scene) {
    RgbImage drawn = BookRenderer.picture(scene);
    int cell = BookScene.CELL;
    int unknown = 0;
    for (int i = 0; i < BookScene.CELLS * BookScene.CELLS; i++) {
      int left = i % BookScene.CELLS * cell;
      int top = i / BookScene.CELLS * cell;
      double sum = 0;
      for (int y = top; y < top + cell; y++) {
        for (int x = left; x < left + cell; x++) {
          sum += squared(picture.rgb(x, y), drawn.rgb(x, y));
        }
      }
      unknown += Math.sqrt(sum / (cell * cell * RgbImage.CHANNELS)) > UNKNOWN ? 1 : 0;
    }
    return unknown;
  }

  private static int squared(int rgb, int other) {
    int red = (rgb >> 16 & 0xff) - (other >> 16 & 0xff);
    int green = (rgb >> 8 & 0xff) - (other >> 8 & 0xff);
    int blue = (rgb & 0xff) - (other & 0xff);
    return red * red + green * green + blue * blue;
  }
}

package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.PlacedThing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
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
  // In the search a thing must take away at least this, a mean of squares; noise is less.
  private static final double WORTH_A_LOOK = LEAST_DIFFERENCE * LEAST_DIFFERENCE / 4;
  // A cell that differs by more than this shows something unknown.
  private static final double UNKNOWN = 48;
  // Squared differences of pixels in the search for the place count up to this.
  private static final double ELSEWHERE = 3 * 40 * 40;

  private static final List<EmptyPlace> EMPTY_PLACES = EmptyPlace.all();

  private final CoarsePicture coarse;
  private final CoarsePicture fine;

  private BookReader(RgbImage picture) {
    this.coarse = CoarsePicture.of(picture, CoarsePicture.SEARCH);
    this.fine = CoarsePicture.of(picture, CoarsePicture.COMPARE);
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
    return EMPTY_PLACES.stream()
        .min(Comparator.comparingDouble(empty -> elsewhere(empty.picture)))
        .orElseThrow()
        .scene;
  }

  /** The sum of squared differences, in which things count no more than {@link #ELSEWHERE}. */
  private double elsewhere(CoarsePicture other) {
    double sum = 0;
    for (int i = 0; i < coarse.levels().length; i += RgbImage.CHANNELS) {
      double squared = 0;
      for (int channel = i; channel < i + RgbImage.CHANNELS; channel++) {
        double difference = coarse.levels()[channel] - other.levels()[channel];
        squared += difference * difference;
      }
      sum += Math.min(ELSEWHERE, squared);
    }
    return sum;
  }

  private record EmptyPlace(BookScene scene, CoarsePicture picture) {
    static List<EmptyPlace> all() {
      List<EmptyPlace> all = new ArrayList<>();
      for (Place place : Place.values()) {
        for (boolean night : place.hasNight() ? List.of(false, true) : List.of(false)) {
          BookScene scene = new BookScene(place, night, List.of());
          RgbImage picture = BookRenderer.picture(scene);
          all.add(new EmptyPlace(scene, CoarsePicture.of(picture, CoarsePicture.SEARCH)));
        }
      }
      return List.copyOf(all);
    }
  }

  private record Candidate(ThingTemplate template, int cellX, int cellY, double gain) {}

  /** The thing that explains most of what the scene does not, or none. */
  private Optional<SeenThing> next(BookScene scene) {
    if (scene.things().size() == BookScene.MAX_THINGS) {
      return Optional.empty();
    }
    RgbImage drawn = BookRenderer.picture(scene);
    CoarsePicture background = CoarsePicture.of(drawn, CoarsePicture.SEARCH);
    CoarsePicture without = CoarsePicture.of(drawn, CoarsePicture.COMPARE);
    return likeliest(scene, background).stream()
        .flatMap(c -> placed(scene, c.template, c.cellX, c.cellY).stream())
        .flatMap(thing -> seen(scene, thing, without).stream())
        .max(Comparator.comparingDouble(Seen::gain))
        .map(Seen::thing);
  }

  /** The templates that explain most, each where it does so. */
  private Collection<Candidate> likeliest(BookScene scene, CoarsePicture background) {
    BoxSums differences = ThingTemplate.differences(coarse, background);
    Queue<Candidate> best = new PriorityQueue<>(Comparator.comparingDouble(Candidate::gain));
    for (ThingTemplate template : ThingTemplate.of()) {
      double least = WORTH_A_LOOK * template.side() * template.side() * RgbImage.CHANNELS;
      double enough = best.size() < CANDIDATES ? least : Math.max(least, best.peek().gain());
      candidate(template, scene, background, differences, enough).ifPresent(best::add);
      if (best.size() > CANDIDATES) {
        best.remove();
      }
    }
    return best;
  }

  /** The template where it explains most, or none if that is nowhere more than {@code enough}. */
  private Optional<Candidate> candidate(
      ThingTemplate template,
      BookScene scene,
      CoarsePicture background,
      BoxSums differences,
      double enough) {
    Candidate best = new Candidate(template, 0, 0, enough);
    int scale = BookScene.CELL / CoarsePicture.SEARCH;
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
    return best.gain > enough ? Optional.of(best) : Optional.empty();
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
  private Optional<Seen> seen(BookScene scene, PlacedThing thing, CoarsePicture without) {
    BookScene alone = new BookScene(scene.place(), scene.night(), List.of(thing));
    CoarsePicture with = CoarsePicture.of(BookRenderer.picture(alone), CoarsePicture.COMPARE);
    int cells = thing.size().cells();
    double difference = fine.difference(without, thing.cellX(), thing.cellY(), cells);
    double error = fine.difference(with, thing.cellX(), thing.cellY(), cells);
    double before = difference * difference;
    double after = error * error;
    boolean explains =
        difference > LEAST_DIFFERENCE && error < MOST_ERROR && after < (1 - EXPLAINED) * before;
    return explains
        ? Optional.of(new Seen(new SeenThing(thing, error), (before - after) * cells * cells))
        : Optional.empty();
  }

  /** How many cells neither the place nor the things explain. */
  private int unknown(BookScene scene) {
    CoarsePicture drawn = CoarsePicture.of(BookRenderer.picture(scene), CoarsePicture.COMPARE);
    int unknown = 0;
    for (int i = 0; i < BookScene.CELLS * BookScene.CELLS; i++) {
      int left = i % BookScene.CELLS;
      int top = i / BookScene.CELLS;
      unknown += fine.difference(drawn, left, top, 1) > UNKNOWN ? 1 : 0;
    }
    return unknown;
  }
}

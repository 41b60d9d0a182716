package io.github.lumina4j.demo.book.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.BookSceneSampler;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.PlacedThing;
import io.github.lumina4j.demo.book.ThingName;
import io.github.lumina4j.demo.book.ThingSize;
import io.github.lumina4j.demo.check.Degraded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BookReaderTest {
  private static boolean isSeen(BookScene scene, RgbImage picture) {
    SeenBookScene seen = BookReader.read(picture);
    return seen.scene().equals(scene) && seen.unknown() == 0;
  }

  /**
   * Every thing in every colour and size, alone somewhere by day or night; scenes of several come
   * in the other tests.
   */
  private static List<BookScene> everything() {
    List<BookScene> scenes = new ArrayList<>();
    SplitMix random = new SplitMix(4, 4);
    for (ThingName name : ThingName.all()) {
      for (ThingSize size : ThingSize.values()) {
        scenes.add(somewhere(random, name, size));
      }
    }
    return scenes;
  }

  private static BookScene somewhere(SplitMix random, ThingName name, ThingSize size) {
    int last = BookScene.CELLS - size.cells() + 1;
    while (true) {
      Place place = random.pick(Place.class);
      boolean night = place.hasNight() && random.chance(0.5);
      BookScene empty = new BookScene(place, night, List.of());
      PlacedThing thing =
          new PlacedThing(
              name, size, random.chance(0.5), random.nextInt(last), random.nextInt(last));
      if (empty.hasRoomFor(thing)) {
        return empty.with(thing);
      }
    }
  }

  @Test
  void every_thing_is_recognised_in_degraded_pictures() {
    List<BookScene> scenes = everything();
    List<BookScene> missed =
        IntStream.range(0, scenes.size())
            .parallel()
            .filter(
                i -> !isSeen(scenes.get(i), Degraded.of(BookRenderer.picture(scenes.get(i)), i)))
            .mapToObj(scenes::get)
            .toList();
    assertThat(missed.size()).as(missed.toString()).isLessThanOrEqualTo(scenes.size() / 100);
  }

  @Test
  void scenes_of_several_are_seen_as_they_are() {
    BookSceneSampler sampler = new BookSceneSampler(Split.HELD_OUT);
    List<BookScene> missed =
        IntStream.range(0, 100)
            .parallel()
            .mapToObj(i -> sampler.draw(new SplitMix(9, i), 2 + i % 3))
            .filter(scene -> !isSeen(scene, BookRenderer.picture(scene)))
            .toList();
    assertThat(missed.size()).as(missed.toString()).isLessThanOrEqualTo(1);
  }

  @Test
  void a_wrong_thing_is_seen_as_what_it_is() {
    BookSceneSampler sampler = new BookSceneSampler(Split.HELD_OUT);
    long mistaken =
        IntStream.range(0, 100)
            .parallel()
            .filter(
                i -> {
                  SplitMix random = new SplitMix(10, i);
                  BookScene scene = sampler.draw(random, 2);
                  PlacedThing first = scene.things().get(0);
                  BookScene other = scene;
                  while (other.equals(scene)) {
                    PlacedThing wrong = first.as(random.pick(ThingName.all()));
                    BookScene rest = scene.without(first);
                    other = rest.hasRoomFor(wrong) ? rest.with(wrong) : scene;
                  }
                  RgbImage picture = Degraded.of(BookRenderer.picture(other), i);
                  return BookReader.read(picture).scene().names().contains(first.name())
                      && !other.names().contains(first.name());
                })
            .count();
    assertThat(mistaken).isLessThanOrEqualTo(1);
  }

  @Test
  void what_is_no_thing_is_unknown() {
    byte[] pixels = BookRenderer.picture(new BookScene(Place.WHITE, false, List.of())).pixels();
    for (int y = 40; y < 72; y++) {
      for (int x = 40; x < 72; x++) {
        pixels[(y * BookScene.PIXELS + x) * 3 + (x / 4 + y / 3) % 3] = 0;
      }
    }
    SeenBookScene seen = BookReader.read(new RgbImage(BookScene.PIXELS, BookScene.PIXELS, pixels));
    assertThat(seen.things()).isEmpty();
    assertThat(seen.unknown()).isEqualTo(16);
  }

  @Test
  void another_size_is_refused() {
    assertThatThrownBy(() -> BookReader.read(new RgbImage(1, 1, new byte[3])))
        .hasMessage("a picture of the book has 128x128 pixels, not 1x1");
  }
}

package io.github.lumina4j.demo.book;

import static io.github.lumina4j.demo.book.BookSceneTest.thing;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.image.Psnr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookRendererTest {
  private static BookScene scene(Place place, PlacedThing... things) {
    return new BookScene(place, false, List.of(things));
  }

  private static Set<Integer> colors(RgbImage picture) {
    Set<Integer> colors = new HashSet<>();
    for (int i = 0; i < BookScene.PIXELS * BookScene.PIXELS; i++) {
      colors.add(picture.rgb(i % BookScene.PIXELS, i / BookScene.PIXELS));
    }
    return colors;
  }

  @Test
  void places_by_day_and_night_are_far_from_each_other() {
    List<RgbImage> empty = new ArrayList<>();
    for (Place place : Place.values()) {
      empty.add(BookRenderer.picture(scene(place)));
      if (place.hasNight()) {
        empty.add(BookRenderer.picture(new BookScene(place, true, List.of())));
      }
    }
    assertThat(empty).hasSize(21);
    for (int i = 0; i < empty.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Psnr.between(empty.get(i), empty.get(j))).as(i + " " + j).isLessThan(25);
      }
    }
  }

  @Test
  void a_thing_changes_nothing_outside_its_box() {
    PlacedThing cat = thing("cat", ThingSize.LARGE, false, 3, 8);
    RgbImage with = BookRenderer.picture(scene(Place.BEACH, cat));
    RgbImage without = BookRenderer.picture(scene(Place.BEACH));
    int changed = 0;
    for (int y = 0; y < BookScene.PIXELS; y++) {
      for (int x = 0; x < BookScene.PIXELS; x++) {
        if (with.rgb(x, y) != without.rgb(x, y)) {
          changed++;
          assertThat(x / BookScene.CELL).isBetween(3, 9);
          assertThat(y / BookScene.CELL).isBetween(8, 14);
        }
      }
    }
    assertThat(changed).isGreaterThan(1000);
  }

  @Test
  void the_sea_hides_what_is_below_its_surface() {
    PlacedThing cat = thing("cat", ThingSize.LARGE, false, 3, 8);
    int rows = 0;
    for (Place place : List.of(Place.SEA, Place.BEACH)) {
      RgbImage map = BookRenderer.segmentation(scene(place, cat));
      for (int y = 0; y < BookScene.PIXELS; y++) {
        rows +=
            map.rgb(52, y) == ThingKind.ANIMAL.segmentationRgb() ? place == Place.SEA ? -1 : 1 : 0;
      }
    }
    assertThat(rows).isBetween(4, 9);
  }

  @Test
  void depth_is_that_of_the_ground_below_the_feet() {
    PlacedThing near = thing("cat", ThingSize.LARGE, false, 0, 9);
    PlacedThing far = thing("dog", ThingSize.SMALL, false, 10, 5);
    RgbImage depth = BookRenderer.depth(scene(Place.MEADOW, near, far));
    int nearGrey = depth.rgb(28, 104) & 0xff;
    int farGrey = depth.rgb(96, 56) & 0xff;
    assertThat(nearGrey).isEqualTo(depth.rgb(120, 127) & 0xff).isGreaterThan(farGrey + 60);
    assertThat(farGrey).isEqualTo(depth.rgb(60, 71) & 0xff);
    assertThat(depth.rgb(120, 2)).isEqualTo(BookRenderer.FAR * 0x010101);
  }

  @Test
  void segmentation_has_the_colours_of_classes_alone() {
    PlacedThing cat = thing("cat", ThingSize.SMALL, false, 0, 9);
    PlacedThing car = thing("car", ThingSize.LARGE, false, 6, 8);
    assertThat(colors(BookRenderer.segmentation(scene(Place.SNOW, cat, car))))
        .containsExactlyInAnyOrder(
            0,
            Place.GROUND_CLASS,
            ThingKind.ANIMAL.segmentationRgb(),
            ThingKind.VEHICLE.segmentationRgb());
    assertThat(colors(BookRenderer.segmentation(scene(Place.SEA))))
        .containsExactlyInAnyOrder(0, Place.WATER_CLASS);
  }

  @Test
  void edges_are_white_lines_where_things_are() {
    PlacedThing cat = thing("cat", ThingSize.LARGE, false, 3, 8);
    RgbImage edges = BookRenderer.canny(scene(Place.MEADOW, cat));
    assertThat(colors(edges)).containsExactlyInAnyOrder(0, 0xffffff);
    assertThat(colors(BookRenderer.canny(scene(Place.MEADOW)))).containsExactly(0);
    // Across the middle: outline, inside, outline.
    int white = 0;
    for (int x = 24; x < 80; x++) {
      white += edges.rgb(x, 100) != 0 ? 1 : 0;
    }
    assertThat(white).isBetween(4, 28);
  }

  @Test
  void the_same_scene_gives_the_same_pictures() {
    BookScene scene = scene(Place.CITY, thing("car", ThingSize.LARGE, false, 3, 8));
    assertThat(BookRenderer.picture(scene)).isEqualTo(BookRenderer.picture(scene));
    for (MapKind kind : MapKind.values()) {
      assertThat(BookRenderer.map(kind, scene)).isEqualTo(BookRenderer.map(kind, scene));
    }
  }
}

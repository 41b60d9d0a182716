package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.demo.ObjectColor;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookSceneTest {
  static PlacedThing thing(String name, ThingSize size, boolean airborne, int x, int y) {
    Thing thing = Things.named(name);
    ObjectColor color = thing.colored() ? ObjectColor.RED : null;
    return new PlacedThing(new ThingName(thing, color), size, airborne, x, y);
  }

  private static BookScene scene(Place place, PlacedThing... things) {
    return new BookScene(place, false, List.of(things));
  }

  @Test
  void things_are_kept_in_reading_order() {
    PlacedThing low = thing("cat", ThingSize.LARGE, false, 0, 8);
    PlacedThing high = thing("dog", ThingSize.SMALL, false, 10, 5);
    assertThat(scene(Place.MEADOW, low, high).things()).containsExactly(high, low);
    assertThat(scene(Place.MEADOW, low, high)).isEqualTo(scene(Place.MEADOW, high, low));
  }

  @Test
  void cats_do_not_stand_in_the_sky_nor_suns_on_the_ground() {
    assertThatThrownBy(() -> scene(Place.MEADOW, thing("cat", ThingSize.SMALL, false, 0, 0)))
        .hasMessageContaining("cannot be in a meadow");
    assertThatThrownBy(() -> scene(Place.MEADOW, thing("cat", ThingSize.SMALL, true, 0, 0)))
        .hasMessageContaining("cannot be in a meadow");
    assertThatThrownBy(() -> scene(Place.MEADOW, thing("sun", ThingSize.SMALL, false, 0, 9)))
        .hasMessageContaining("cannot be in a meadow");
    assertThat(scene(Place.MEADOW, thing("sun", ThingSize.SMALL, true, 0, 0)).things()).hasSize(1);
    assertThat(scene(Place.SPACE, thing("cat", ThingSize.SMALL, true, 0, 0)).things()).hasSize(1);
  }

  @Test
  void the_moon_is_high_in_the_sky_and_a_bee_may_fly_low() {
    for (Place place : Place.values()) {
      boolean low = !place.hasGround();
      PlacedThing moon = thing("moon", ThingSize.SMALL, true, 0, 3);
      assertThat(Positions.allowed(place, moon)).as(place.id()).isEqualTo(low);
      assertThat(Positions.allowed(place, moon.at(0, 2))).as(place.id()).isTrue();
      PlacedThing large = thing("sun", ThingSize.LARGE, true, 0, 0);
      assertThat(Positions.allowed(place, large)).as(place.id()).isTrue();
      assertThat(Positions.allowed(place, large.at(0, 1))).as(place.id()).isEqualTo(low);
    }
    assertThat(Positions.allowed(Place.MEADOW, thing("bee", ThingSize.SMALL, true, 0, 5))).isTrue();
  }

  @Test
  void what_is_large_stands_near() {
    assertThat(Positions.allowed(Place.SNOW, thing("cat", ThingSize.LARGE, false, 0, 3))).isFalse();
    assertThat(Positions.allowed(Place.SNOW, thing("cat", ThingSize.LARGE, false, 0, 9))).isTrue();
    assertThat(Positions.allowed(Place.SNOW, thing("cat", ThingSize.SMALL, false, 0, 4))).isTrue();
    assertThat(Positions.allowed(Place.SNOW, thing("cat", ThingSize.SMALL, false, 0, 12)))
        .isFalse();
  }

  @Test
  void boxes_touch_one_above_the_other_but_not_side_by_side() {
    PlacedThing far = thing("cat", ThingSize.SMALL, false, 4, 4);
    assertThat(scene(Place.SNOW, far, thing("dog", ThingSize.SMALL, false, 4, 8)).things())
        .hasSize(2);
    assertThatThrownBy(() -> scene(Place.SNOW, far, thing("dog", ThingSize.SMALL, false, 8, 4)))
        .hasMessageContaining("no room");
    assertThat(scene(Place.SNOW, far).hasRoomFor(thing("dog", ThingSize.SMALL, false, 9, 4)))
        .isTrue();
  }

  @Test
  void a_room_has_no_night() {
    assertThatThrownBy(() -> new BookScene(Place.ROOM, true, List.of()))
        .hasMessageContaining("no night in a room");
  }

  @Test
  void a_name_must_fit_one_thing() {
    BookScene cats =
        scene(
            Place.WHITE,
            thing("cat", ThingSize.SMALL, false, 0, 0),
            thing("cat", ThingSize.SMALL, false, 8, 0));
    assertThatThrownBy(() -> cats.named(new ThingName(Things.named("cat"), null)))
        .hasMessageContaining("names 2 things");
  }

  @Test
  void relations_are_of_boxes_that_are_apart() {
    PlacedThing tree = thing("tree", ThingSize.LARGE, false, 4, 4);
    PlacedThing under = thing("fox", ThingSize.SMALL, false, 5, 11);
    assertThat(BookRelation.BELOW.holds(under, tree)).isTrue();
    assertThat(BookRelation.ABOVE.holds(tree, under)).isTrue();
    assertThat(BookRelation.BELOW.holds(tree, under)).isFalse();
    PlacedThing right = thing("fox", ThingSize.SMALL, false, 12, 7);
    assertThat(BookRelation.RIGHT_OF.holds(right, tree)).isTrue();
    assertThat(BookRelation.BESIDE.holds(right, tree)).isTrue();
    assertThat(BookRelation.BESIDE.holds(under, tree)).isFalse();
    assertThat(BookRelation.LEFT_OF.holds(right, tree)).isFalse();
  }
}

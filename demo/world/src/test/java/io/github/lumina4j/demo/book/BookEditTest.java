package io.github.lumina4j.demo.book;

import static io.github.lumina4j.demo.book.BookSceneTest.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.demo.Edit.Direction;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookEditTest {
  private static final PlacedThing CAR = thing("car", ThingSize.LARGE, false, 0, 8);
  private static final PlacedThing CAT = thing("cat", ThingSize.SMALL, false, 11, 6);
  private static final PlacedThing SUN = thing("sun", ThingSize.SMALL, true, 10, 0);
  private static final BookScene SCENE = new BookScene(Place.MEADOW, false, List.of(CAR, CAT, SUN));

  private static void edits(BookEdit edit, BookScene after, String instruction) {
    assertThat(edit.apply(SCENE)).isEqualTo(after);
    assertThat(edit.instruction(Phrasing.USUAL, SCENE)).isEqualTo(instruction);
  }

  @Test
  void every_kind_changes_one_thing() {
    ThingName green = new ThingName(Things.named("car"), ObjectColor.GREEN);
    edits(
        new BookEdit.Recolour(CAR.name(), ObjectColor.GREEN),
        SCENE.without(CAR).with(CAR.as(green)),
        "make the red car green");
    PlacedThing dog = thing("dog", ThingSize.SMALL, false, 11, 11);
    edits(new BookEdit.Add(dog, null, null), SCENE.with(dog), "add a dog");
    edits(
        new BookEdit.Add(dog, BookRelation.BELOW, CAT.name()),
        SCENE.with(dog),
        "add a dog below the cat");
    edits(new BookEdit.Remove(CAT.name()), SCENE.without(CAT), "remove the cat");
    edits(
        new BookEdit.Move(CAT.name(), Direction.DOWN),
        SCENE.without(CAT).with(CAT.at(11, 10)),
        "move the cat down");
    edits(
        new BookEdit.Replace(CAT.name(), dog.name()),
        SCENE.without(CAT).with(CAT.as(dog.name())),
        "replace the cat with a dog");
    edits(
        new BookEdit.ChangePlace(Place.SNOW),
        new BookScene(Place.SNOW, false, SCENE.things()),
        "change the background to snow");
    edits(
        new BookEdit.ChangeLight(true),
        new BookScene(Place.MEADOW, true, SCENE.things()),
        "make it night");
  }

  private static Set<String> instructions(BookEdit edit, BookScene scene) {
    Set<String> instructions = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      instructions.add(edit.instruction(Phrasing.varied(new SplitMix(2, i)), scene));
    }
    return instructions;
  }

  @Test
  void people_ask_for_it_in_many_ways() {
    assertThat(instructions(new BookEdit.Recolour(CAR.name(), ObjectColor.GREEN), SCENE))
        .contains("make the car green", "paint the red car green", "turn automobile green");
    assertThat(instructions(new BookEdit.Remove(CAT.name()), SCENE))
        .contains("remove the cat", "get rid of the kitten", "delete cat");
    assertThat(instructions(new BookEdit.Replace(CAT.name(), SUN.name()), SCENE))
        .contains("replace the cat with the sun", "swap the kitty for a sun");
    assertThat(instructions(new BookEdit.ChangePlace(Place.SNOW), SCENE))
        .contains("make the background snow", "put everything in the snow");
    assertThat(instructions(new BookEdit.ChangePlace(Place.PINK), SCENE))
        .contains("change the background to pink", "put everything on a pink background")
        .noneMatch(text -> text.contains("with a pink"));
  }

  @Test
  void a_colour_is_left_out_only_where_there_is_one_such_thing() {
    PlacedThing blue = CAR.as(new ThingName(Things.named("car"), ObjectColor.BLUE)).at(8, 8);
    BookScene cars = new BookScene(Place.MEADOW, false, List.of(CAR, blue));
    assertThat(instructions(new BookEdit.Remove(CAR.name()), cars))
        .contains("remove the red car")
        .allMatch(text -> text.contains("red "));
    BookEditChain chain =
        new BookEditChain(
            cars, List.of(new BookEdit.Remove(blue.name()), new BookEdit.Remove(CAR.name())));
    Set<String> seconds = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      seconds.add(chain.instructions(Phrasing.varied(new SplitMix(1, i))).get(1));
    }
    assertThat(seconds).contains("remove the car", "remove the red car");
    assertThat(chain.instruction(Phrasing.USUAL))
        .isEqualTo("remove the blue car and remove the red car");
  }

  @Test
  void in_space_everything_floats_and_comes_down_again() {
    BookScene space = new BookEdit.ChangePlace(Place.SPACE).apply(SCENE);
    assertThat(space.things()).allMatch(PlacedThing::airborne);
    assertThat(new BookEdit.ChangePlace(Place.MEADOW).apply(space)).isEqualTo(SCENE);
  }

  @Test
  void what_has_no_room_is_refused() {
    assertThatThrownBy(() -> new BookEdit.Move(CAR.name(), Direction.LEFT).apply(SCENE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new BookEdit.Add(
                        thing("dog", ThingSize.SMALL, false, 11, 11),
                        BookRelation.ABOVE,
                        CAT.name())
                    .apply(SCENE))
        .hasMessageContaining("is not above the cat");
  }

  @Test
  void two_edits_concern_two_things_and_can_both_be_made() {
    BookEditSampler sampler = new BookEditSampler(Split.TRAINING, 4);
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      BookEditChain chain = sampler.draw(new SplitMix(8, i), 1 + i % 2);
      BookScene after = chain.after();
      assertThat(after).isNotEqualTo(chain.before());
      assertThat(after.names()).doesNotHaveDuplicates();
      assertThat(after.night() && after.names().toString().contains("sun,")).isFalse();
      assertThat(Split.TRAINING.containsContent(after.names())).isTrue();
      chain.edits().forEach(edit -> kinds.add(edit.getClass().getSimpleName()));
      if (chain.edits().size() == 2) {
        assertThat(
                chain.edits().get(0).target().isPresent()
                    && chain.edits().get(0).target().equals(chain.edits().get(1).target()))
            .isFalse();
      }
    }
    assertThat(kinds).hasSize(7);
  }
}

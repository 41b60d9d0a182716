package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SceneTest {
  private static final SceneObject STAR =
      new SceneObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 0, 0);

  @Test
  void boxes_keep_a_free_cell_between_each_other() {
    assertThat(scene(STAR, STAR.at(4, 0)).objects()).hasSize(2);
    assertThat(scene(STAR, STAR.at(0, 4)).objects()).hasSize(2);
    assertThatThrownBy(() -> scene(STAR, STAR.at(3, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no free cell between ");
  }

  @Test
  void boxes_lie_on_the_canvas() {
    assertThat(STAR.at(9, 9).centerX()).isEqualTo(84);
    assertThatThrownBy(() -> STAR.at(10, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a small box at cell 10,0 reaches beyond the canvas of 12x12 cells");
    assertThatThrownBy(() -> STAR.at(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void four_objects_fit_and_no_fifth() {
    Scene full = scene(STAR, STAR.at(9, 0), STAR.at(0, 9), STAR.at(9, 9));
    assertThat(full.hasRoomFor(STAR.at(4, 4))).isFalse();
    assertThatThrownBy(() -> full.with(STAR.at(4, 4)))
        .hasMessage("5 objects in a scene; at most 4 fit");
  }

  @Test
  void the_order_of_objects_makes_no_difference() {
    assertThat(scene(STAR, STAR.at(9, 9))).isEqualTo(scene(STAR.at(9, 9), STAR));
  }

  @Test
  void a_name_must_fit_one_object() {
    ObjectName red = new ObjectName(Shape.STAR, ObjectColor.RED);
    assertThat(scene(STAR, STAR.at(9, 9).in(ObjectColor.BLUE)).named(red)).isEqualTo(STAR);
    assertThatThrownBy(() -> scene(STAR, STAR.at(9, 9)).named(red))
        .hasMessage("'the red star' names 2 objects of the scene, not one");
  }

  @Test
  void relations_need_a_free_cell_along_and_level_centres_across() {
    SceneObject middle = STAR.at(4, 4);
    assertThat(Relation.LEFT_OF.holds(STAR.at(0, 5), middle)).isTrue();
    assertThat(Relation.LEFT_OF.holds(STAR.at(0, 6), middle)).isFalse();
    assertThat(Relation.LEFT_OF.holds(STAR.at(1, 4), middle)).isFalse();
    assertThat(Relation.RIGHT_OF.holds(STAR.at(8, 4), middle)).isTrue();
    assertThat(Relation.ABOVE.holds(STAR.at(4, 0), middle)).isTrue();
    assertThat(Relation.BELOW.holds(STAR.at(3, 8), middle)).isTrue();
    assertThat(Relation.BELOW.holds(STAR.at(4, 0), middle)).isFalse();
  }

  private static Scene scene(SceneObject... objects) {
    return new Scene(Background.SAND, List.of(objects));
  }
}

package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditTest {
  private static final SceneObject CIRCLE =
      new SceneObject(Shape.CIRCLE, ObjectColor.RED, ObjectSize.SMALL, 4, 4);
  private static final SceneObject SQUARE =
      new SceneObject(Shape.SQUARE, ObjectColor.BLUE, ObjectSize.SMALL, 9, 9);
  private static final SceneObject STAR =
      new SceneObject(Shape.STAR, ObjectColor.ORANGE, ObjectSize.SMALL, 0, 4);
  private static final Scene SCENE = new Scene(Background.GREY, List.of(CIRCLE, SQUARE));

  @Test
  void edits_change_one_object() {
    check(
        new Edit.Recolour(CIRCLE.name(), ObjectColor.GREEN),
        "make the red circle green",
        CIRCLE.in(ObjectColor.GREEN),
        SQUARE);
    check(new Edit.Remove(SQUARE.name()), "remove the blue square", CIRCLE);
    check(
        new Edit.Move(CIRCLE.name(), Edit.Direction.UP),
        "move the red circle up",
        CIRCLE.at(4, 1),
        SQUARE);
    check(new Edit.Add(STAR, null, null), "add an orange star", CIRCLE, SQUARE, STAR);
    check(
        new Edit.Add(STAR, Relation.LEFT_OF, CIRCLE.name()),
        "add an orange star left of the red circle",
        CIRCLE,
        SQUARE,
        STAR);
  }

  @Test
  void edits_that_do_not_fit_are_refused() {
    Edit unknown = new Edit.Remove(STAR.name());
    assertThatThrownBy(() -> unknown.apply(SCENE))
        .hasMessage("'the orange star' names 0 objects of the scene, not one");
    Edit beyond = new Edit.Move(SQUARE.name(), Edit.Direction.DOWN);
    assertThatThrownBy(() -> beyond.apply(SCENE)).isInstanceOf(IllegalArgumentException.class);
    Edit wrongSide = new Edit.Add(STAR, Relation.RIGHT_OF, CIRCLE.name());
    assertThatThrownBy(() -> wrongSide.apply(SCENE)).hasMessageContaining("right of the red");
    assertThatThrownBy(() -> new Edit.Add(STAR, Relation.ABOVE, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_chain_is_one_instruction() {
    EditChain chain =
        new EditChain(SCENE, List.of())
            .then(new Edit.Recolour(CIRCLE.name(), ObjectColor.GREEN))
            .then(new Edit.Remove(SQUARE.name()));
    assertThat(chain.instruction())
        .isEqualTo("make the red circle green and remove the blue square");
    assertThat(chain.after().objects()).containsExactly(CIRCLE.in(ObjectColor.GREEN));
  }

  @Test
  void drawn_chains_fit_stay_in_their_split_and_have_all_kinds() {
    Map<Class<?>, Integer> kinds = new HashMap<>();
    EditSampler sampler = new EditSampler(Split.TRAINING);
    for (int i = 0; i < 400; i++) {
      EditChain chain = sampler.draw(new SplitMix(1, i), 1 + i % 2);
      assertThat(chain.edits()).hasSize(1 + i % 2);
      Scene scene = chain.before();
      for (Edit edit : chain.edits()) {
        Scene next = edit.apply(scene);
        assertThat(next).isNotEqualTo(scene);
        assertThat(next.background()).isEqualTo(scene.background());
        assertThat(Split.TRAINING.contains(next)).isTrue();
        assertThat(next.objects().stream().map(SceneObject::name)).doesNotHaveDuplicates();
        kinds.merge(edit.getClass(), 1, Integer::sum);
        scene = next;
      }
      assertThat(chain.edits().stream().map(Edit::target)).doesNotHaveDuplicates();
    }
    assertThat(kinds.values()).hasSize(4).allSatisfy(n -> assertThat(n).isBetween(110, 190));
  }

  private static void check(Edit edit, String instruction, SceneObject... objects) {
    assertThat(edit.instruction()).isEqualTo(instruction);
    assertThat(edit.apply(SCENE)).isEqualTo(new Scene(Background.GREY, List.of(objects)));
  }
}

package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.Edit;
import io.github.lumina4j.demo.EditChain;
import io.github.lumina4j.demo.EditSampler;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Relation;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditCheckTest {
  private static final int CHAINS = 200;
  private static final SceneObject STAR =
      new SceneObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 0, 4);
  private static final SceneObject HEART =
      new SceneObject(Shape.HEART, ObjectColor.BLUE, ObjectSize.LARGE, 6, 0);
  private static final Scene SCENE = new Scene(Background.MINT, List.of(STAR, HEART));

  @Test
  void right_edits_pass_and_leave_the_rest_alone() {
    EditSampler sampler = new EditSampler(Split.TRAINING);
    int passed = 0;
    int degraded = 0;
    int undone = 0;
    for (int i = 0; i < CHAINS; i++) {
      EditChain chain = sampler.draw(new SplitMix(41, i), 1 + i % 2);
      RgbImage before = SceneRenderer.picture(chain.before());
      RgbImage after = SceneRenderer.picture(chain.after());
      EditCheck check = EditCheck.of(chain, before, after);
      assertThat(check.made() || !check.verdict().passed()).isTrue();
      passed += check.verdict().passed() && check.unchangedPsnr() > 100 ? 1 : 0;
      EditCheck worse = EditCheck.of(chain, before, Degraded.of(after, i));
      assertThat(worse.unchangedPsnr()).isBetween(20.0, 45.0);
      degraded += worse.verdict().passed() ? 1 : 0;
      undone += EditCheck.of(chain, before, before).verdict().passed() ? 0 : 1;
    }
    assertThat(passed).isGreaterThanOrEqualTo(CHAINS * 99 / 100);
    assertThat(degraded).isGreaterThanOrEqualTo(CHAINS * 97 / 100);
    assertThat(undone).isGreaterThanOrEqualTo(CHAINS * 99 / 100);
  }

  @Test
  void a_new_object_may_lie_anywhere_the_instruction_allows() {
    SceneObject cross = new SceneObject(Shape.CROSS, ObjectColor.PINK, ObjectSize.SMALL, 0, 0);
    SceneObject large = new SceneObject(Shape.CROSS, ObjectColor.PINK, ObjectSize.LARGE, 0, 0);
    Edit free = new Edit.Add(cross, null, null);
    check(free, SCENE.with(large.at(6, 6)), "");
    Edit above = new Edit.Add(cross, Relation.ABOVE, STAR.name());
    check(above, SCENE.with(cross.at(1, 0)), "");
    check(above, SCENE.with(cross.at(0, 8)), "the pink cross is not above the red star");
    check(above, SCENE, "no pink cross");
  }

  @Test
  void mistakes_are_named() {
    Edit recolour = new Edit.Recolour(STAR.name(), ObjectColor.GREEN);
    Scene right = recolour.apply(SCENE);
    check(recolour, right, "");
    check(recolour, SCENE, "no green star at its place");
    check(recolour, right.without(HEART), "no blue heart at its place");
    check(recolour, right.with(STAR.at(0, 9)), "a red star too many");
    check(recolour, right.without(HEART).with(HEART.at(7, 5)), "no blue heart at its place");
    SceneObject smaller = new SceneObject(Shape.HEART, ObjectColor.BLUE, ObjectSize.SMALL, 7, 1);
    check(recolour, right.without(HEART).with(smaller), "no blue heart at its place");
    check(recolour, new Scene(Background.GREY, right.objects()), "the background is grey");
    check(new Edit.Move(STAR.name(), Edit.Direction.UP), SCENE, "no red star at its place");
  }

  @Test
  void what_else_changes_costs_decibels() {
    Edit remove = new Edit.Remove(STAR.name());
    EditChain chain = new EditChain(SCENE, List.of(remove));
    RgbImage before = SceneRenderer.picture(SCENE);
    RgbImage moved = SceneRenderer.picture(SCENE.without(STAR).without(HEART).with(HEART.at(7, 5)));
    EditCheck check = EditCheck.of(chain, before, moved);
    assertThat(check.unchangedPsnr()).isLessThan(20);
    RgbImage right = SceneRenderer.picture(SCENE.without(STAR));
    assertThat(EditCheck.of(chain, before, right).unchangedPsnr()).isInfinite();
  }

  @Test
  void a_change_is_made_whatever_became_of_the_rest() {
    SceneObject third = new SceneObject(Shape.CROSS, ObjectColor.YELLOW, ObjectSize.SMALL, 0, 9);
    Scene scene = SCENE.with(third);
    Edit recolour = new Edit.Recolour(STAR.name(), ObjectColor.GREEN);
    Scene right = recolour.apply(scene);
    assertThat(check(scene, recolour, right).made()).isTrue();
    EditCheck lost = check(scene, recolour, right.without(HEART));
    assertThat(lost.made()).isTrue();
    assertThat(lost.verdict().passed()).isFalse();
    assertThat(check(scene, recolour, scene).made()).isFalse();
    assertThat(check(scene, recolour, right.with(STAR.at(4, 9))).made()).isFalse();

    Edit move = new Edit.Move(STAR.name(), Edit.Direction.UP);
    assertThat(check(scene, move, move.apply(scene).without(HEART)).made()).isTrue();
    assertThat(check(scene, move, scene).made()).isFalse();

    Edit remove = new Edit.Remove(HEART.name());
    assertThat(check(scene, remove, scene.without(HEART).without(STAR)).made()).isTrue();
    assertThat(check(scene, remove, scene).made()).isFalse();

    SceneObject cross = new SceneObject(Shape.CROSS, ObjectColor.PINK, ObjectSize.SMALL, 1, 0);
    Edit above = new Edit.Add(cross, Relation.ABOVE, STAR.name());
    assertThat(check(scene, above, scene.without(HEART).with(cross)).made()).isTrue();
    assertThat(check(scene, above, scene.without(third).with(cross.at(0, 8))).made()).isFalse();
    assertThat(check(scene, above, scene).made()).isFalse();
  }

  @Test
  void two_edits_are_made_if_both_are() {
    SceneObject third = new SceneObject(Shape.CROSS, ObjectColor.YELLOW, ObjectSize.SMALL, 0, 9);
    Edit recolour = new Edit.Recolour(STAR.name(), ObjectColor.GREEN);
    Edit remove = new Edit.Remove(HEART.name());
    EditChain chain = new EditChain(SCENE.with(third), List.of(recolour, remove));
    assertThat(check(chain, chain.after()).made()).isTrue();
    EditCheck lost = check(chain, chain.after().without(third));
    assertThat(lost.made()).isTrue();
    assertThat(lost.verdict().passed()).isFalse();
    assertThat(check(chain, recolour.apply(chain.before())).made()).isFalse();
    assertThat(check(chain, remove.apply(chain.before())).made()).isFalse();
  }

  @Test
  void another_background_is_no_edit() {
    Edit remove = new Edit.Remove(HEART.name());
    assertThat(check(SCENE, remove, new Scene(Background.MINT, List.of(STAR))).made()).isTrue();
    assertThat(check(SCENE, remove, new Scene(Background.GREY, List.of(STAR))).made()).isFalse();
  }

  private static EditCheck check(Scene before, Edit edit, Scene after) {
    return check(new EditChain(before, List.of(edit)), after);
  }

  private static EditCheck check(EditChain chain, Scene after) {
    RgbImage before = SceneRenderer.picture(chain.before());
    return EditCheck.of(chain, before, SceneRenderer.picture(after));
  }

  private static void check(Edit edit, Scene after, String reason) {
    EditCheck check = check(SCENE, edit, after);
    assertThat(check.verdict().reason()).isEqualTo(reason);
    assertThat(check.verdict().passed()).isEqualTo(reason.isEmpty());
  }
}

package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.CaptionSampler;
import io.github.lumina4j.demo.CaptionedScene;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectPhrase;
import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Relation;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaptionCheckTest {
  private static final int SCENES = 120;
  private static final SceneObject STAR =
      new SceneObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 0, 4);
  private static final SceneObject HEART =
      new SceneObject(Shape.HEART, ObjectColor.BLUE, ObjectSize.LARGE, 6, 3);

  @ParameterizedTest
  @EnumSource
  void scenes_pass_their_own_caption(Category category) {
    SceneSampler sampler = new SceneSampler(Split.TRAINING);
    int passed = 0;
    int degraded = 0;
    for (int i = 0; i < SCENES; i++) {
      CaptionedScene drawn = sampler.draw(new SplitMix(21, i), CaptionSampler.TRAINING, category);
      var picture = SceneRenderer.picture(drawn.scene());
      SeenScene seen = SceneReader.read(picture);
      passed += CaptionCheck.checkExactly(drawn.caption(), seen).passed() ? 1 : 0;
      seen = SceneReader.read(Degraded.of(picture, i));
      degraded += CaptionCheck.checkExactly(drawn.caption(), seen).passed() ? 1 : 0;
    }
    assertThat(passed).isGreaterThanOrEqualTo(SCENES * 99 / 100);
    assertThat(degraded).isGreaterThanOrEqualTo(SCENES * 97 / 100);
  }

  @Test
  void reasons_say_what_is_wrong() {
    Scene scene = scene(STAR, HEART);
    refuse(scene, caption(Category.SINGLE_OBJECT, one(Shape.CROSS, null)), "no cross");
    refuse(
        scene,
        caption(Category.COLORS, one(Shape.STAR, ObjectColor.PINK)),
        "the star is small and red, not a pink star");
    refuse(
        scene,
        caption(Category.TWO_OBJECT, one(Shape.STAR, null), one(Shape.CIRCLE, null)),
        "no circle");
    refuse(scene, count(2, null), "1 star, not 2");
    refuse(scene(STAR, STAR.at(4, 0), STAR.at(8, 8)), count(2, null), "3 stars, not 2");
    refuse(
        scene(STAR, STAR.at(4, 0).in(ObjectColor.CYAN)),
        count(2, ObjectColor.RED),
        "the star is small and cyan, not two red stars");
    refuse(
        scene,
        new Caption(Category.COLORS, List.of(one(Shape.STAR, null)), null, Background.NIGHT),
        "the background is sand, not night");
    refuse(
        scene,
        caption(Category.SINGLE_OBJECT, new ObjectPhrase(1, Shape.STAR, null, ObjectSize.LARGE)),
        "the star is small and red, not a large star");
  }

  @Test
  void relations_are_those_of_the_centres() {
    Scene scene = scene(STAR, HEART);
    pass(scene, position(Relation.LEFT_OF));
    for (Relation other : List.of(Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW)) {
      refuse(scene, position(other), "the star is not " + other.words() + " the heart");
    }
    pass(scene(STAR.at(1, 9), HEART.at(6, 0)), position(Relation.BELOW));
  }

  @Test
  void a_diagonal_is_both_and_a_small_offset_is_none() {
    SeenObject low = new SeenObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 10, 50, 1);
    SeenObject high = new SeenObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 50, 10, 1);
    assertThat(CaptionCheck.holds(low, Relation.LEFT_OF, high)).isTrue();
    assertThat(CaptionCheck.holds(low, Relation.BELOW, high)).isTrue();
    assertThat(CaptionCheck.holds(low, Relation.RIGHT_OF, high)).isFalse();
    // Within a tenth of both sides, 4.8 pixels, centres count as level.
    SeenObject near = new SeenObject(Shape.STAR, ObjectColor.RED, ObjectSize.SMALL, 14, 50, 1);
    assertThat(CaptionCheck.holds(low, Relation.LEFT_OF, near)).isFalse();
  }

  @Test
  void other_things_matter_only_when_exact() {
    Caption caption = caption(Category.COLORS, one(Shape.STAR, ObjectColor.RED));
    SeenScene seen = SceneReader.read(SceneRenderer.picture(scene(STAR, HEART)));
    assertThat(CaptionCheck.check(caption, seen).passed()).isTrue();
    assertThat(CaptionCheck.checkExactly(caption, seen))
        .isEqualTo(Verdict.failed("2 things in the picture, not 1"));
    assertThat(
            CaptionCheck.checkExactly(
                    caption,
                    new SeenScene(
                        Background.SAND,
                        seen.objects().stream().filter(o -> o.shape() == Shape.STAR).toList(),
                        1))
                .passed())
        .isFalse();
  }

  private static ObjectPhrase one(Shape shape, ObjectColor color) {
    return new ObjectPhrase(1, shape, color, null);
  }

  private static Caption count(int count, ObjectColor color) {
    return caption(Category.COUNTING, new ObjectPhrase(count, Shape.STAR, color, null));
  }

  private static Caption position(Relation relation) {
    return new Caption(
        Category.POSITION, List.of(one(Shape.STAR, null), one(Shape.HEART, null)), relation, null);
  }

  private static Caption caption(Category category, ObjectPhrase... phrases) {
    return new Caption(category, List.of(phrases), null, null);
  }

  private static Scene scene(SceneObject... objects) {
    return new Scene(Background.SAND, List.of(objects));
  }

  private static void pass(Scene scene, Caption caption) {
    SeenScene seen = SceneReader.read(SceneRenderer.picture(scene));
    assertThat(CaptionCheck.check(caption, seen)).isEqualTo(Verdict.PASSED);
  }

  private static void refuse(Scene scene, Caption caption, String reason) {
    SeenScene seen = SceneReader.read(SceneRenderer.picture(scene));
    assertThat(CaptionCheck.check(caption, seen)).isEqualTo(Verdict.failed(reason));
  }
}

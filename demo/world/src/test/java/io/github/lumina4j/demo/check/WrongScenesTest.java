package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.CaptionSampler;
import io.github.lumina4j.demo.CaptionedScene;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Scenes with one thing wrong: what fails the check of the caption, and of the scene. */
class WrongScenesTest {
  private static final int SCENES = 800;

  private enum Mistake {
    SHAPE,
    COLOR,
    MISSING,
    EXTRA,
    RELATION
  }

  @Test
  void one_wrong_thing_is_seen() {
    check(false, 0.99);
  }

  @Test
  void one_wrong_thing_is_seen_in_degraded_pictures() {
    check(true, 0.97);
  }

  private static void check(boolean degraded, double least) {
    Map<Mistake, int[]> seen = new EnumMap<>(Mistake.class);
    SceneSampler sampler = new SceneSampler(Split.TRAINING);
    List<Category> categories =
        List.of(Category.COUNTING, Category.POSITION, Category.COLOR_ATTR, Category.COLORS);
    for (int i = 0; i < SCENES; i++) {
      SplitMix random = new SplitMix(31, i);
      Category category = categories.get(i % categories.size());
      CaptionedScene right = sampler.draw(random, CaptionSampler.COLORED, category);
      Mistake mistake = random.pick(Mistake.class);
      Optional<Scene> wrong = wrong(random, mistake, right);
      if (wrong.isEmpty()) {
        continue;
      }
      RgbImage picture = SceneRenderer.picture(wrong.get());
      SeenScene read = SceneReader.read(degraded ? Degraded.of(picture, i) : picture);
      Caption caption = right.caption();
      // By GenEval's rules, other things may be there, except when counting.
      boolean any = mistake == Mistake.EXTRA && category != Category.COUNTING;
      Verdict verdict =
          any ? CaptionCheck.checkExactly(caption, read) : CaptionCheck.check(caption, read);
      boolean found = !verdict.passed() && !SceneCheck.check(right.scene(), read).passed();
      int[] counts = seen.computeIfAbsent(mistake, m -> new int[2]);
      counts[0]++;
      counts[1] += found ? 1 : 0;
    }
    assertThat(seen).hasSize(Mistake.values().length);
    seen.forEach(
        (mistake, counts) -> {
          assertThat(counts[0]).as(mistake + " tried").isGreaterThan(20);
          assertThat((double) counts[1] / counts[0])
              .as(mistake + " seen")
              .isGreaterThanOrEqualTo(least);
        });
  }

  private static Optional<Scene> wrong(SplitMix random, Mistake mistake, CaptionedScene right) {
    Scene scene = right.scene();
    SceneObject object = random.pick(scene.objects());
    Scene rest = scene.without(object);
    return switch (mistake) {
      case SHAPE -> {
        List<Shape> others =
            Arrays.stream(Shape.values())
                .filter(s -> scene.objects().stream().noneMatch(o -> o.shape() == s))
                .toList();
        yield Optional.of(
            rest.with(
                new SceneObject(
                    random.pick(others),
                    object.color(),
                    object.size(),
                    object.cellX(),
                    object.cellY())));
      }
      case COLOR -> {
        List<ObjectColor> others =
            Arrays.stream(ObjectColor.values()).filter(c -> c != object.color()).toList();
        yield Optional.of(rest.with(object.in(random.pick(others))));
      }
      case MISSING -> Optional.of(rest);
      case EXTRA -> {
        SceneObject extra =
            new SceneObject(
                object.shape(),
                object.color(),
                ObjectSize.SMALL,
                random.nextInt(10),
                random.nextInt(10));
        yield scene.hasRoomFor(extra) ? Optional.of(scene.with(extra)) : Optional.empty();
      }
      case RELATION ->
          right.caption().category() == Category.POSITION ? swapped(right) : Optional.empty();
    };
  }

  /** Both objects where the other one was, if they fit there. */
  private static Optional<Scene> swapped(CaptionedScene right) {
    SceneObject a = right.scene().objects().get(0);
    SceneObject b = right.scene().objects().get(1);
    if (a.size() != b.size()) {
      return Optional.empty();
    }
    return Optional.of(
        new Scene(
            right.scene().background(),
            List.of(a.at(b.cellX(), b.cellY()), b.at(a.cellX(), a.cellY()))));
  }
}

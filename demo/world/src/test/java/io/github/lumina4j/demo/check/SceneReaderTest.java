package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectSize;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class SceneReaderTest {
  private static final int SCENES = 600;

  @Test
  void scenes_are_read_as_they_were_drawn() {
    assertThat(readRight((picture, i) -> picture)).isGreaterThanOrEqualTo(SCENES * 99 / 100);
  }

  @Test
  void degraded_scenes_are_read_as_well() {
    assertThat(readRight(Degraded::of)).isGreaterThanOrEqualTo(SCENES * 97 / 100);
  }

  private static long readRight(BiFunction<RgbImage, Long, RgbImage> camera) {
    SceneSampler sampler = new SceneSampler(Split.TRAINING);
    long right = 0;
    for (long i = 0; i < SCENES; i++) {
      Scene scene = sampler.draw(new SplitMix(11, i), (int) (1 + i % 4));
      SeenScene seen = SceneReader.read(camera.apply(SceneRenderer.picture(scene), i));
      boolean asDrawn = seen.unknown() == 0 && seen.snapped().filter(scene::equals).isPresent();
      assertThat(SceneCheck.check(scene, seen).passed()).isEqualTo(asDrawn);
      right += asDrawn ? 1 : 0;
    }
    return right;
  }

  @Test
  void every_object_is_known_on_every_background() {
    int right = 0;
    for (Background background : Background.values()) {
      for (Shape shape : Shape.values()) {
        for (ObjectColor color : ObjectColor.values()) {
          for (ObjectSize size : ObjectSize.values()) {
            Scene scene = new Scene(background, List.of(new SceneObject(shape, color, size, 2, 5)));
            SeenScene seen = SceneReader.read(SceneRenderer.picture(scene));
            right += SceneCheck.check(scene, seen).passed() ? 1 : 0;
          }
        }
      }
    }
    assertThat(right).isEqualTo(5 * 6 * 8 * 2);
  }

  @Test
  void an_empty_scene_has_nothing() {
    for (Background background : Background.values()) {
      Scene empty = new Scene(background, List.of());
      assertThat(SceneReader.read(Degraded.of(SceneRenderer.picture(empty), 1)))
          .isEqualTo(new SeenScene(background, List.of(), 0));
    }
  }

  @Test
  void a_thing_between_the_cells_is_found_where_it_is() {
    Scene scene =
        new Scene(
            Background.SAND,
            List.of(new SceneObject(Shape.HEART, ObjectColor.BLUE, ObjectSize.LARGE, 3, 3)));
    // Its background is the sand's from a row of the middle on: shifted by 3 and 2 pixels.
    byte[] shifted = new byte[96 * 96 * 3];
    byte[] pixels = SceneRenderer.picture(scene).pixels();
    for (int i = 0; i < shifted.length; i++) {
      int x = Math.max(0, i / 3 % 96 - 3);
      int y = Math.max(0, i / 3 / 96 - 2);
      shifted[i] = pixels[(y * 96 + x) * 3 + i % 3];
    }
    SeenObject seen = SceneReader.read(new RgbImage(96, 96, shifted)).objects().get(0);
    assertThat(seen.name()).hasToString("blue heart");
    assertThat(seen.left()).isBetween(26, 28);
    assertThat(seen.top()).isBetween(25, 27);
  }

  @Test
  void what_is_no_shape_is_unknown() {
    byte[] pixels = SceneRenderer.picture(new Scene(Background.WHITE, List.of())).pixels();
    // A frame, red, 4 pixels thick.
    for (int y = 20; y < 70; y++) {
      for (int x = 20; x < 70; x++) {
        if (x < 24 || x >= 66 || y < 24 || y >= 66) {
          pixels[(y * 96 + x) * 3 + 1] = 20;
          pixels[(y * 96 + x) * 3 + 2] = 20;
        }
      }
    }
    SeenScene seen = SceneReader.read(new RgbImage(96, 96, pixels));
    assertThat(seen.objects()).isEmpty();
    assertThat(seen.unknown()).isEqualTo(1);
  }

  @Test
  void another_size_is_refused() {
    assertThatThrownBy(() -> SceneReader.read(new RgbImage(96, 95, new byte[96 * 95 * 3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of the demo world has 96x96 pixels, not 96x95");
  }
}

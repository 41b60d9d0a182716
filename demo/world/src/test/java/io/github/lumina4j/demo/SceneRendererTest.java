package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneRendererTest {
  private static final SceneObject LARGE =
      new SceneObject(Shape.CIRCLE, ObjectColor.RED, ObjectSize.LARGE, 1, 2);
  private static final SceneObject SMALL =
      new SceneObject(Shape.SQUARE, ObjectColor.BLUE, ObjectSize.SMALL, 8, 9);
  private static final Scene SCENE = new Scene(Background.MINT, List.of(LARGE, SMALL));

  @Test
  void an_empty_scene_is_its_background() {
    RgbImage picture = SceneRenderer.picture(new Scene(Background.NIGHT, List.of()));
    assertThat(picture.width()).isEqualTo(96);
    assertThat(picture.height()).isEqualTo(96);
    for (int i = 0; i < 96; i++) {
      assertThat(picture.rgb(i, 95 - i)).isEqualTo(0x232a52);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shape_and_shadow_stay_in_the_box(Shape shape) {
    for (ObjectSize size : ObjectSize.values()) {
      Scene empty = new Scene(Background.WHITE, List.of());
      Scene one = empty.with(new SceneObject(shape, ObjectColor.PURPLE, size, 3, 4));
      RgbImage picture = SceneRenderer.picture(one);
      RgbImage ground = SceneRenderer.picture(empty);
      int left = 3 * 8;
      int top = 4 * 8;
      long changedInside = 0;
      for (int i = 0; i < 96 * 96; i++) {
        int x = i % 96;
        int y = i / 96;
        boolean inside =
            x >= left && x < left + size.pixels() && y >= top && y < top + size.pixels();
        boolean changed = picture.rgb(x, y) != ground.rgb(x, y);
        assertThat(changed && !inside).as(x + "," + y).isFalse();
        changedInside += changed ? 1 : 0;
      }
      assertThat(changedInside).isBetween(size.pixels() * size.pixels() * 3L / 10, 96 * 96L);
    }
  }

  @Test
  void light_comes_from_the_upper_left_and_the_rim_is_dark() {
    RgbImage picture = SceneRenderer.picture(SCENE);
    int center = red(picture, 28, 36);
    assertThat(red(picture, 20, 28)).isGreaterThan(center);
    assertThat(red(picture, 36, 44)).isLessThan(center);
    // The left end of the circle, whose radius is 17.
    assertThat(red(picture, 28 - 17, 36)).isLessThan(center - 30);
  }

  @Test
  void a_shadow_lies_to_the_lower_right() {
    RgbImage picture = SceneRenderer.picture(SCENE);
    RgbImage ground = SceneRenderer.picture(new Scene(Background.MINT, List.of()));
    int away = 13;
    assertThat(red(picture, 28 + away, 36 + away)).isLessThan(red(ground, 0, 36 + away) - 10);
    assertThat(picture.rgb(28 - away, 36 - away)).isEqualTo(ground.rgb(0, 36 - away));
  }

  @Test
  void depth_is_brighter_for_what_is_large() {
    RgbImage depth = SceneRenderer.map(MapKind.DEPTH, SCENE);
    assertThat(depth.rgb(28, 36)).isEqualTo(0xe6e6e6);
    assertThat(depth.rgb(76, 84)).isEqualTo(0x8c8c8c);
    assertThat(depth.rgb(0, 0)).isEqualTo(0x282828);
  }

  @Test
  void edges_are_two_pixels_wide_on_the_outline() {
    RgbImage canny = SceneRenderer.map(MapKind.CANNY, SCENE);
    // The circle's left end is at x = 28 - 17 = 11, between two pixels.
    int[] row = IntStream.range(8, 16).map(x -> canny.rgb(x, 36) & 0xff).toArray();
    assertThat(row[2]).isGreaterThan(200);
    assertThat(row[3]).isGreaterThan(200);
    assertThat(row[0] + row[5]).isZero();
    assertThat(canny.rgb(28, 36)).isZero();
  }

  @Test
  void segmentation_has_the_flat_colours_of_its_shapes_only() {
    RgbImage map = SceneRenderer.map(MapKind.SEGMENTATION, SCENE);
    int[] colors =
        IntStream.range(0, 96 * 96).map(i -> map.rgb(i % 96, i / 96)).distinct().sorted().toArray();
    int[] expected = {0, Shape.SQUARE.segmentationRgb(), Shape.CIRCLE.segmentationRgb()};
    Arrays.sort(expected);
    assertThat(colors).isEqualTo(expected);
    assertThat(map.rgb(28, 36)).isEqualTo(Shape.CIRCLE.segmentationRgb());
  }

  @Test
  void every_object_differs_from_every_other() {
    List<RgbImage> pictures =
        Arrays.stream(Shape.values())
            .flatMap(
                shape ->
                    Arrays.stream(ObjectColor.values())
                        .map(c -> new SceneObject(shape, c, ObjectSize.SMALL, 0, 0)))
            .map(o -> SceneRenderer.picture(new Scene(Background.GREY, List.of(o))))
            .toList();
    assertThat(pictures).hasSize(48).doesNotHaveDuplicates();
  }

  private static int red(RgbImage picture, int x, int y) {
    return picture.rgb(x, y) >> 16;
  }
}

package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MapScoresTest {
  @Test
  void a_map_is_its_own_best_and_a_degraded_one_is_near() {
    SceneSampler sampler = new SceneSampler(Split.TRAINING);
    for (int i = 0; i < 100; i++) {
      Scene scene = sampler.draw(new SplitMix(51, i), 1 + i % 4);
      for (MapKind kind : MapKind.values()) {
        RgbImage map = SceneRenderer.map(kind, scene);
        double best = kind == MapKind.DEPTH ? 0 : 1;
        assertThat(MapScores.of(kind, map, map)).isEqualTo(best);
        assertThat(MapScores.of(kind, Degraded.of(map, i), map)).isCloseTo(best, within(0.12));
      }
    }
  }

  @Test
  void the_depth_error_is_a_root_mean_square() {
    assertThat(MapScores.depthError(plain(0), plain(0xffffff))).isEqualTo(1);
    assertThat(MapScores.depthError(plain(0x333333), plain(0))).isCloseTo(0.2, within(1e-9));
    // A quarter of the pixels wrong by all: the root of a quarter.
    assertThat(MapScores.depthError(square(0, 48, 0xffffff), plain(0)))
        .isCloseTo(0.5, within(1e-9));
  }

  @Test
  void edges_may_be_off_by_one_pixel() {
    RgbImage truth = column(40);
    assertThat(MapScores.edgeF1(column(41), truth)).isEqualTo(1);
    assertThat(MapScores.edgeF1(column(42), truth)).isZero();
    assertThat(MapScores.edgeF1(plain(0), plain(0))).isEqualTo(1);
    assertThat(MapScores.edgeF1(plain(0), truth)).isZero();
  }

  @Test
  void f1_weighs_what_is_wrong_and_what_is_missing() {
    // Precision 3 of 96 columns, recall 1.
    assertThat(MapScores.edgeF1(plain(0xffffff), column(40)))
        .isCloseTo(2 * (3 / 96.0) / (1 + 3 / 96.0), within(1e-9));
  }

  @Test
  void overlap_is_the_mean_over_classes() {
    int star = Shape.STAR.segmentationRgb();
    RgbImage truth = square(0, 48, star);
    // The left half of the square only: 1/2 for the star, 6912 / 8064 for the background.
    byte[] half = truth.pixels();
    for (int i = 0; i < half.length; i++) {
      if (i / 3 % 96 >= 24) {
        half[i] = 0;
      }
    }
    assertThat(MapScores.meanOverlap(new RgbImage(96, 96, half), truth))
        .isCloseTo((0.5 + 6912 / 8064.0) / 2, within(1e-9));
    // A colour near the star's is the star; another shape's is not.
    assertThat(MapScores.meanOverlap(square(0, 48, star - 0x0a0a0a), truth)).isEqualTo(1);
    assertThat(MapScores.meanOverlap(square(0, 48, Shape.CROSS.segmentationRgb()), truth))
        .isCloseTo(1 / 3.0, within(1e-9));
  }

  @Test
  void other_sizes_are_refused() {
    RgbImage small = new RgbImage(8, 8, new byte[192]);
    for (MapKind kind : MapKind.values()) {
      assertThatThrownBy(() -> MapScores.of(kind, plain(0), small))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static RgbImage plain(int rgb) {
    return square(0, 96, rgb);
  }

  private static RgbImage column(int x) {
    byte[] pixels = new byte[96 * 96 * 3];
    for (int y = 0; y < 96; y++) {
      Arrays.fill(pixels, (y * 96 + x) * 3, (y * 96 + x + 1) * 3, (byte) 255);
    }
    return new RgbImage(96, 96, pixels);
  }

  /** A square at the upper left corner on black. */
  private static RgbImage square(int from, int to, int rgb) {
    byte[] pixels = new byte[96 * 96 * 3];
    for (int y = from; y < to; y++) {
      for (int x = from; x < to; x++) {
        for (int channel = 0; channel < 3; channel++) {
          pixels[(y * 96 + x) * 3 + channel] = (byte) (rgb >> (16 - 8 * channel));
        }
      }
    }
    return new RgbImage(96, 96, pixels);
  }
}

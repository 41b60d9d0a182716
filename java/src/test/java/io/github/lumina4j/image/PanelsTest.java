package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanelsTest {
  private static final int WHITE = 0xffffff;

  @Test
  void halves_are_the_rows_above_and_below_the_middle() {
    RgbImage image = TestPictures.noise("crop", 5, 6);
    RgbImage upper = Panels.upperHalf(image);
    RgbImage lower = Panels.lowerHalf(image);
    assertThat(upper).isEqualTo(image.crop(0, 0, 5, 3));
    assertThat(lower).isEqualTo(image.crop(0, 3, 5, 3));
    assertThat(lower.rgb(4, 0)).isEqualTo(image.rgb(4, 3));
    assertThat(Panels.stack(upper, lower)).isEqualTo(image);
  }

  @Test
  void stacked_panels_may_differ_in_height_only() {
    RgbImage low = TestPictures.plain(4, 1, 0x010203);
    RgbImage high = TestPictures.plain(4, 3, 0x040506);
    assertThat(Panels.stack(low, high).height()).isEqualTo(4);
    assertThatThrownBy(() -> Panels.stack(low, TestPictures.plain(5, 1, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot stack pictures of widths 4 and 5");
  }

  @Test
  void what_does_not_exist_yet_is_a_checkerboard() {
    RgbImage upper = TestPictures.noise("upper", 40, 8);
    RgbImage whole = Panels.unfinished(upper, 48);
    assertThat(whole.crop(0, 0, 40, 8)).isEqualTo(upper);
    assertThat(whole.rgb(0, 8)).isEqualTo(0xeeeeee);
    assertThat(whole.rgb(16, 15)).isEqualTo(0xcccccc);
    assertThat(whole.rgb(15, 16)).isEqualTo(0xcccccc);
    assertThat(whole.rgb(39, 47)).isEqualTo(0xeeeeee);
    assertThat(Panels.unfinished(upper, 8)).isEqualTo(upper);
    assertThatThrownBy(() -> Panels.unfinished(upper, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of 8 rows in a picture of 7");
  }

  @Test
  void an_odd_height_has_no_halves() {
    RgbImage odd = TestPictures.plain(4, 3, 0);
    assertThatThrownBy(() -> Panels.upperHalf(odd)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Panels.lowerHalf(odd))
        .hasMessage("a picture of height 3 has no two equal panels");
  }

  @Test
  void a_grid_fills_rows_first_and_leaves_white() {
    RgbImage a = TestPictures.plain(2, 2, 0xaa0000);
    RgbImage b = TestPictures.plain(2, 2, 0x00bb00);
    RgbImage c = TestPictures.plain(2, 2, 0x0000cc);
    RgbImage grid = Panels.grid(List.of(a, b, c), 2);
    assertThat(grid.width()).isEqualTo(4);
    assertThat(grid.height()).isEqualTo(4);
    assertThat(List.of(grid.rgb(0, 0), grid.rgb(3, 1), grid.rgb(0, 2), grid.rgb(3, 3)))
        .containsExactly(0xaa0000, 0x00bb00, 0x0000cc, WHITE);
  }

  @Test
  void a_grid_centres_smaller_pictures_in_their_cells() {
    RgbImage large = TestPictures.plain(5, 3, 0x111111);
    RgbImage small = TestPictures.plain(1, 1, 0x222222);
    RgbImage grid = Panels.grid(List.of(large, small), 9);
    assertThat(grid.width()).isEqualTo(10);
    assertThat(grid.height()).isEqualTo(3);
    assertThat(grid.rgb(7, 1)).isEqualTo(0x222222);
    assertThat(List.of(grid.rgb(6, 1), grid.rgb(8, 1), grid.rgb(7, 0), grid.rgb(7, 2)))
        .containsOnly(WHITE);
  }

  @Test
  void impossible_grids_are_refused() {
    assertThatThrownBy(() -> Panels.grid(List.of(), 2))
        .isInstanceOf(IllegalArgumentException.class);
    List<RgbImage> one = List.of(TestPictures.plain(1, 1, 0));
    assertThatThrownBy(() -> Panels.grid(one, 0)).isInstanceOf(IllegalArgumentException.class);
    List<RgbImage> tall =
        List.of(TestPictures.plain(40_000, 1, 0), TestPictures.plain(1, 40_000, 0));
    assertThatThrownBy(() -> Panels.grid(tall, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of 40000x80000 pixels exceeds 2 GiB");
  }

  @Test
  void psnr_is_the_field_s_formula() {
    RgbImage black = TestPictures.plain(4, 4, 0);
    assertThat(Psnr.between(black, black)).isInfinite().isPositive();
    assertThat(Psnr.between(black, TestPictures.plain(4, 4, WHITE))).isEqualTo(0);
    // Differences of 1, 0 and 2: mean square 5 / 3.
    assertThat(Psnr.between(black, TestPictures.plain(4, 4, 0x010002)))
        .isCloseTo(45.9123, within(1e-4));
    assertThatThrownBy(() -> Psnr.between(black, TestPictures.plain(4, 5, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot compare pictures of 4x4 and 4x5 pixels");
  }
}

package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.demo.SplitMix;
import org.junit.jupiter.api.Test;

class HsvTest {
  @Test
  void known_colours() {
    assertThat(Hsv.of(0xff0000)).isEqualTo(new Hsv(0, 1, 1));
    assertThat(Hsv.of(0x00ff00)).isEqualTo(new Hsv(120, 1, 1));
    assertThat(Hsv.of(0x000080).hue()).isEqualTo(240);
    assertThat(Hsv.of(0x808080).saturation()).isZero();
  }

  @Test
  void there_and_back_is_the_same_colour() {
    SplitMix random = new SplitMix(1, 1);
    for (int i = 0; i < 1000; i++) {
      int rgb = random.nextInt(1 << 24);
      assertThat(Hsv.of(rgb).rgb()).isEqualTo(rgb);
    }
  }

  @Test
  void a_range_may_pass_red() {
    HueRange reds = new HueRange(330, 20);
    assertThat(reds.distance(350)).isZero();
    assertThat(reds.distance(10)).isZero();
    assertThat(reds.distance(30)).isCloseTo(10, within(1e-9));
    assertThat(reds.distance(320)).isCloseTo(10, within(1e-9));
    assertThat(reds.middle()).isEqualTo(355);
    assertThat(new HueRange(190, 250).distance(100)).isEqualTo(90);
  }
}

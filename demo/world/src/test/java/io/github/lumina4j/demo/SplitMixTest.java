package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SplitMixTest {
  @Test
  void numbers_never_change() {
    SplitMix random = new SplitMix(7, 3);
    assertThat(List.of(random.nextLong(), random.nextLong()))
        .containsExactly(93672643488777996L, -1675617952105583227L);
    // The mixing function of SplitMix64: its first output for the state 0.
    assertThat(SplitMix.mix(0x9e3779b97f4a7c15L)).isEqualTo(0xe220a8397b1dcdafL);
  }

  @Test
  void indices_have_numbers_of_their_own() {
    long[] first = new long[1000];
    for (int i = 0; i < first.length; i++) {
      first[i] = new SplitMix(7, i).nextLong();
    }
    assertThat(first).doesNotHaveDuplicates();
  }

  @Test
  void weights_are_shares() {
    int[] counts = new int[3];
    SplitMix random = new SplitMix(1, 1);
    for (int i = 0; i < 8000; i++) {
      counts[random.weighted(1, 0, 3)]++;
    }
    assertThat(counts[0]).isBetween(1800, 2200);
    assertThat(counts[1]).isZero();
  }

  @Test
  void chance_is_a_share_and_bounds_are_exclusive() {
    SplitMix random = new SplitMix(2, 2);
    int hits = 0;
    boolean[] seen = new boolean[5];
    for (int i = 0; i < 8000; i++) {
      hits += random.chance(0.25) ? 1 : 0;
      seen[random.nextInt(5)] = true;
    }
    assertThat(hits).isBetween(1800, 2200);
    assertThat(seen).containsOnly(true);
    assertThatThrownBy(() -> random.nextInt(0)).hasMessage("a bound of 0");
  }
}

package io.github.lumina4j.demo;

import java.util.List;

/**
 * The SplitMix64 generator (Steele, Lea and Flood, 2014), addressed by a seed and an index: the
 * numbers of one sample depend on no other sample. Written out here because the data must stay the
 * same in every Java release. Not thread-safe.
 */
public final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  public SplitMix(long seed, long index) {
    this.state = mix(mix(seed + GOLDEN_GAMMA) + index);
  }

  /** A bijection that spreads every bit of the input over the whole output. */
  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** 64 random bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /**
   * A number from 0 to {@code bound - 1}.
   *
   * @throws IllegalArgumentException if {@code bound} is below 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a bound of " + bound);
    }
    // The upper bits times the bound; its bias, below bound / 2^32, does not matter here.
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** True with that probability. */
  public boolean chance(double probability) {
    return (nextLong() >>> 11) * 0x1.0p-53 < probability;
  }

  /**
   * One of the items, all equally likely.
   *
   * @throws IllegalArgumentException if there is none
   */
  public <T> T pick(List<T> items) {
    return items.get(nextInt(items.size()));
  }

  /** One of the values of an enum, all equally likely. */
  public <E extends Enum<E>> E pick(Class<E> type) {
    return pick(List.of(type.getEnumConstants()));
  }

  /**
   * The index of one of the weights, each as likely as it is large.
   *
   * @param weights not negative, with a positive sum
   */
  public int weighted(int... weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int left = nextInt(sum);
    int index = 0;
    while (left >= weights[index]) {
      left -= weights[index++];
    }
    return index;
  }
}

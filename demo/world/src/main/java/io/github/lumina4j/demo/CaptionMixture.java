package io.github.lumina4j.demo;

import java.util.List;

/** Captioned scenes of all categories, as the demo model learns them. */
final class CaptionMixture {
  private static final List<Category> ALL = List.of(Category.values());
  // Per cent, in the order of the categories: what is harder to learn comes more often.
  private static final int[] SHARES = {9, 14, 17, 12, 22, 15, 11};

  private static final List<Category> COLORED =
      List.of(Category.COLORS, Category.POSITION, Category.COLOR_ATTR, Category.LIST);

  private final SceneSampler scenes;

  CaptionMixture(Split split) {
    this.scenes = new SceneSampler(split);
  }

  /** A scene of any category. */
  CaptionedScene draw(SplitMix random) {
    return scenes.draw(random, CaptionSampler.TRAINING, ALL.get(random.weighted(SHARES)));
  }

  /** A scene whose caption names every object by colour and shape. */
  CaptionedScene drawColored(SplitMix random) {
    CaptionSampler training = CaptionSampler.TRAINING;
    CaptionSampler colored = new CaptionSampler(training.background(), training.size(), 1);
    return scenes.draw(random, colored, random.pick(COLORED));
  }
}

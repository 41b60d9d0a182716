package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.image.Psnr;
import java.util.ArrayList;
import java.util.List;

/**
 * How near pictures are after the image tokenizer, to codes and back.
 *
 * @param kind {@code scenes}, or {@code maps}
 * @param meanDb the mean of the pictures' signal-to-noise ratios in decibels, each of 8-bit values
 *     and at most {@link Measure#MAX_DECIBELS}
 * @param leastDb the smallest of them
 * @param secondsPerPicture there and back
 */
record ReconstructionScore(
    String kind, int pictures, double meanDb, double leastDb, double secondsPerPicture) {
  /** The group's name in {@code --groups}. */
  static final String GROUP = "reconstruction";

  /** Scenes in a full evaluation. */
  static final int SCENES = 200;

  // Far from the numbers that the questions of the same seed are drawn from.
  private static final long FIRST_INDEX = 1L << 32;
  private static final int FEWEST = 2;

  /** A held-out scene of two objects or more. */
  static Scene scene(long seed, int index) {
    int objects = FEWEST + index % (Scene.MAX_OBJECTS - FEWEST + 1);
    return new SceneSampler(Split.HELD_OUT).draw(new SplitMix(seed, FIRST_INDEX + index), objects);
  }

  /** The picture of a scene, and one of its maps; every kind in turn. */
  static List<RgbImage> pictures(long seed, int index) {
    Scene scene = scene(seed, index);
    MapKind kind = MapKind.values()[index % MapKind.values().length];
    return List.of(SceneRenderer.picture(scene), SceneRenderer.map(kind, scene));
  }

  /** Adds up pictures of one kind. Not thread-safe. */
  static final class Sum {
    private final String kind;
    private final List<Double> decibels = new ArrayList<>();
    private double seconds;

    Sum(String kind) {
      this.kind = kind;
    }

    /** Sends a picture there and back. */
    void add(Backend.Session session, RgbImage picture) {
      long start = System.nanoTime();
      RgbImage back = session.decode(session.encode(picture));
      seconds += (System.nanoTime() - start) / 1e9;
      decibels.add(Math.min(Psnr.between(picture, back), Measure.MAX_DECIBELS));
    }

    /** The result, once there is a picture. */
    ReconstructionScore score() {
      return new ReconstructionScore(
          kind,
          decibels.size(),
          decibels.stream().mapToDouble(value -> value).average().orElseThrow(),
          decibels.stream().mapToDouble(value -> value).min().orElseThrow(),
          seconds / decibels.size());
    }

    boolean isEmpty() {
      return decibels.isEmpty();
    }
  }
}

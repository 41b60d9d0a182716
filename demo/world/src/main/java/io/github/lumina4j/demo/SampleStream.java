package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;
import java.util.List;

/**
 * The training data of the demo model: an endless sequence of samples of all its tasks, of scenes
 * of {@link Split#TRAINING}. A sample is a function of the seed and its index alone, so that any
 * number of workers can draw any part of it, in any order, and a restart goes on where it stopped.
 * Immutable.
 */
public final class SampleStream {
  /** The tasks and their shares, in per cent, by kind: {@link #MAPS} are equally likely. */
  private static final int[] SHARES = {50, 9, 10, 9, 6, 16};

  private static final List<MapKind> MAPS = List.of(MapKind.values());
  private static final List<MapKind> CONTROLS = List.of(MapKind.DEPTH, MapKind.CANNY);

  // How often two edits are one instruction, and captions are sentences.
  private static final double COMBINED = 0.15;
  private static final double SENTENCE = 0.2;

  private final long seed;
  private final CaptionMixture captions = new CaptionMixture(Split.TRAINING);
  private final EditSampler edits = new EditSampler(Split.TRAINING);

  public SampleStream(long seed) {
    this.seed = seed;
  }

  /** The sample of that index; any index is fine. */
  public TrainingSample sample(long index) {
    SplitMix random = new SplitMix(seed, index);
    return switch (random.weighted(SHARES)) {
      case 0 -> {
        CaptionedScene drawn = captions.draw(random);
        yield new TrainingSample(
            "t2i", words(random, drawn), null, List.of(SceneRenderer.picture(drawn.scene())));
      }
      case 1 -> {
        MapKind kind = random.pick(MAPS);
        CaptionedScene drawn = captions.draw(random);
        yield withMap("pair-", kind, words(random, drawn), drawn.scene(), true);
      }
      case 2 -> {
        MapKind kind = random.pick(CONTROLS);
        CaptionedScene drawn = captions.draw(random);
        yield withMap("i2i-", kind, words(random, drawn), drawn.scene(), false);
      }
      case 3 -> {
        MapKind kind = random.pick(MAPS);
        yield withMap("dense-", kind, "", captions.draw(random).scene(), true);
      }
      case 4 -> subject(random);
      default -> edit(random);
    };
  }

  private static TrainingSample withMap(
      String prefix, MapKind kind, String prompt, Scene scene, boolean pictureFirst) {
    RgbImage picture = SceneRenderer.picture(scene);
    RgbImage map = SceneRenderer.map(kind, scene);
    return new TrainingSample(
        prefix + kind.word(),
        prompt,
        null,
        pictureFirst ? List.of(picture, map) : List.of(map, picture));
  }

  private TrainingSample subject(SplitMix random) {
    Subject subject = Subject.of(random, captions.drawColored(random));
    return new TrainingSample(
        "subject",
        words(random, subject.target()),
        subject.description(),
        List.of(
            SceneRenderer.picture(subject.alone()),
            SceneRenderer.picture(subject.target().scene())));
  }

  private TrainingSample edit(SplitMix random) {
    EditChain chain = edits.draw(random, random.chance(COMBINED) ? 2 : 1);
    return new TrainingSample(
        "edit",
        chain.instruction(),
        null,
        List.of(SceneRenderer.picture(chain.before()), SceneRenderer.picture(chain.after())));
  }

  private static String words(SplitMix random, CaptionedScene drawn) {
    return random.chance(SENTENCE) ? drawn.caption().sentence() : drawn.caption().text();
  }
}

package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;
import java.util.List;

/** The samples of the world of shapes: of all its tasks, of scenes of {@link Split#TRAINING}. */
public final class SampleStream implements SampleSource {
  // Equally likely.
  private static final List<MapKind> MAPS = List.of(MapKind.values());
  private static final List<MapKind> CONTROLS = List.of(MapKind.DEPTH, MapKind.CANNY);

  // How often two edits are one instruction, and captions are sentences.
  private static final double COMBINED = 0.15;
  private static final double SENTENCE = 0.2;

  private final long seed;
  private final TaskShares shares;
  private final CaptionMixture captions = new CaptionMixture(Split.TRAINING);
  private final EditSampler edits = new EditSampler(Split.TRAINING);

  /** With the usual shares of the tasks. */
  public SampleStream(long seed) {
    this(seed, TaskShares.USUAL);
  }

  public SampleStream(long seed, TaskShares shares) {
    this.seed = seed;
    this.shares = shares;
  }

  @Override
  public TrainingSample sample(long index) {
    SplitMix random = new SplitMix(seed, index);
    int kind =
        random.weighted(
            shares.t2i(),
            shares.pair(),
            shares.i2i(),
            shares.dense(),
            shares.subject(),
            shares.edit());
    return switch (kind) {
      case 0 -> {
        CaptionedScene drawn = captions.draw(random);
        yield new TrainingSample(
            "t2i", words(random, drawn), null, List.of(SceneRenderer.picture(drawn.scene())));
      }
      case 1 -> {
        MapKind map = random.pick(MAPS);
        CaptionedScene drawn = captions.draw(random);
        yield withMap("pair-", map, words(random, drawn), drawn.scene(), true);
      }
      case 2 -> {
        MapKind map = random.pick(CONTROLS);
        CaptionedScene drawn = captions.draw(random);
        yield withMap("i2i-", map, words(random, drawn), drawn.scene(), false);
      }
      case 3 -> {
        MapKind map = random.pick(MAPS);
        yield withMap("dense-", map, "", captions.draw(random).scene(), true);
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

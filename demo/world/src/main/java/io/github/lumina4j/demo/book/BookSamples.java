package io.github.lumina4j.demo.book;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import java.util.List;

/** The samples of the picture book: of all its tasks, of scenes of {@link Split#TRAINING}. */
public final class BookSamples implements SampleSource {
  /** The most things that captions name, where nothing else is asked for. */
  public static final int MOST_THINGS = 4;

  private static final List<MapKind> MAPS = List.of(MapKind.values());
  private static final List<MapKind> CONTROLS = List.of(MapKind.DEPTH, MapKind.CANNY);

  // How often two edits are one instruction.
  private static final double COMBINED = 0.15;
  // By the most things: how often captions are of each category, in the order of the enum.
  private static final int[][] CATEGORIES = {
    {60, 0, 0, 40, 0, 0, 0}, {24, 20, 10, 16, 20, 10, 0}, {17, 17, 18, 11, 18, 9, 10},
  };
  // The categories that name every thing once.
  private static final List<Category> EACH_NAMED =
      List.of(Category.SINGLE_OBJECT, Category.TWO_OBJECT, Category.POSITION, Category.LIST);

  private final long seed;
  private final TaskShares shares;
  private final int mostThings;
  private final BookSceneSampler scenes = new BookSceneSampler(Split.TRAINING);
  private final BookEditSampler edits;

  /**
   * @param mostThings how many things captions name, 1 to {@link #MOST_THINGS}: a model learns one
   *     first; counts go to five where this is above 2
   * @throws IllegalArgumentException if it is out of range
   */
  public BookSamples(long seed, TaskShares shares, int mostThings) {
    if (mostThings < 1 || mostThings > MOST_THINGS) {
      throw new IllegalArgumentException(
          "the most things must be 1 to " + MOST_THINGS + ", not " + mostThings);
    }
    this.seed = seed;
    this.shares = shares;
    this.mostThings = mostThings;
    this.edits = new BookEditSampler(Split.TRAINING, mostThings);
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
        CaptionedBookScene drawn = draw(random);
        yield new TrainingSample(
            "t2i", words(random, drawn), null, List.of(BookRenderer.picture(drawn.scene())));
      }
      case 1 -> {
        CaptionedBookScene drawn = draw(random);
        yield withMap("pair-", random.pick(MAPS), words(random, drawn), drawn.scene(), true);
      }
      case 2 -> {
        CaptionedBookScene drawn = draw(random);
        yield withMap("i2i-", random.pick(CONTROLS), words(random, drawn), drawn.scene(), false);
      }
      case 3 -> withMap("dense-", random.pick(MAPS), "", draw(random).scene(), true);
      case 4 -> subject(random);
      default -> edit(random);
    };
  }

  private CaptionedBookScene draw(SplitMix random) {
    int[] categories = CATEGORIES[Math.min(mostThings, CATEGORIES.length) - 1];
    Category category = Category.values()[random.weighted(categories)];
    while (true) {
      CaptionedBookScene drawn = scenes.draw(random, BookCaptionSampler.TRAINING, category);
      if (mostThings > 2 || drawn.scene().things().size() <= mostThings) {
        return drawn;
      }
    }
  }

  private static TrainingSample withMap(
      String prefix, MapKind kind, String prompt, BookScene scene, boolean pictureFirst) {
    RgbImage picture = BookRenderer.picture(scene);
    RgbImage map = BookRenderer.map(kind, scene);
    return new TrainingSample(
        prefix + kind.word(),
        prompt,
        null,
        pictureFirst ? List.of(picture, map) : List.of(map, picture));
  }

  private TrainingSample subject(SplitMix random) {
    List<Category> categories = mostThings == 1 ? EACH_NAMED.subList(0, 1) : EACH_NAMED;
    BookSubject subject =
        BookSubject.of(
            random, scenes.draw(random, BookCaptionSampler.PLACED, random.pick(categories)));
    return new TrainingSample(
        "subject",
        words(random, subject.target()),
        subject.description(),
        List.of(
            BookRenderer.picture(subject.alone()), BookRenderer.picture(subject.target().scene())));
  }

  private TrainingSample edit(SplitMix random) {
    BookEditChain chain = edits.draw(random, random.chance(COMBINED) ? 2 : 1);
    return new TrainingSample(
        "edit",
        chain.instruction(Phrasing.varied(random)),
        null,
        List.of(BookRenderer.picture(chain.before()), BookRenderer.picture(chain.after())));
  }

  private static String words(SplitMix random, CaptionedBookScene drawn) {
    return drawn.caption().text(Phrasing.varied(random));
  }
}

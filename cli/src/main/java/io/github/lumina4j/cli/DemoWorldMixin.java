package io.github.lumina4j.cli;

import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.book.BookSamples;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which world's samples, and how they are drawn. */
final class DemoWorldMixin {
  @Option(
      names = "--world",
      paramLabel = "shapes|book",
      converter = Converters.World.class,
      description =
          "shapes, coloured shapes on plain backgrounds at 96x96 pixels, or book, a picture book of"
              + " real things in places at 128x128 (default: shapes).")
  private DemoWorld world = DemoWorld.SHAPES;

  @Option(
      names = "--most-things",
      paramLabel = "N",
      description =
          "With --world book: how many things a caption names at most, 1 to 4 (default: 4). A model"
              + " that learns single things first learns faster.")
  private Integer mostThings;

  @Option(names = "--seed", paramLabel = "N", description = "The seed (default: 0).")
  private long seed;

  /** The samples. */
  SampleSource samples(TaskShares shares) {
    if (mostThings != null && world != DemoWorld.BOOK) {
      throw new IllegalArgumentException("--most-things needs --world book");
    }
    if (mostThings != null && (mostThings < 1 || mostThings > BookSamples.MOST_THINGS)) {
      throw new IllegalArgumentException(
          "--most-things must be between 1 and %d (got %d)"
              .formatted(BookSamples.MOST_THINGS, mostThings));
    }
    return world.samples(seed, shares, most());
  }

  private int most() {
    return mostThings == null ? BookSamples.MOST_THINGS : mostThings;
  }

  /** What the samples depend on, as kept in every shard. */
  Map<String, String> madeBy() {
    Map<String, String> madeBy = new LinkedHashMap<>();
    madeBy.put("demo_world", world.id());
    madeBy.put("demo_seed", Long.toString(seed));
    madeBy.put("demo_most_things", Integer.toString(most()));
    return madeBy;
  }
}

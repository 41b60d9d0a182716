package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.training.ExampleFile;
import io.github.lumina4j.training.ExampleReader;
import io.github.lumina4j.training.PixelShards;
import io.github.lumina4j.training.RecordBuilder;
import io.github.lumina4j.training.RecordShards;
import io.github.lumina4j.training.TokenRecord;
import java.util.List;

/** Where examples go. */
final class ExampleSinks {
  /** Takes examples in the order of their index. */
  interface Sink {
    /** Items below this index are done. */
    long nextIndex();

    /**
     * Does all that can fail because of the item alone.
     *
     * @return adds what became of it; what this throws has nothing to do with the item
     */
    Runnable prepare(ExampleFile.Item item);
  }

  private ExampleSinks() {}

  /** To records of tokens. */
  record Tokens(ExampleReader reader, RecordBuilder builder, RecordShards.Writer writer)
      implements Sink {
    @Override
    public long nextIndex() {
      return writer.nextId();
    }

    @Override
    public Runnable prepare(ExampleFile.Item item) {
      TokenRecord record = reader.record(item).orElseGet(() -> builder.build(reader.read(item)));
      return () -> writer.add(item.index(), record);
    }
  }

  /** To pictures. */
  record Pixels(ExampleReader reader, PixelShards.Writer writer) implements Sink {
    @Override
    public long nextIndex() {
      return writer.nextId();
    }

    @Override
    public Runnable prepare(ExampleFile.Item item) {
      List<RgbImage> pictures = reader.read(item).pictures();
      writer.check(pictures);
      return () -> writer.add(item.index(), pictures);
    }
  }
}

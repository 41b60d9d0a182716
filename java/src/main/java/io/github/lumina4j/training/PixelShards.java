package io.github.lumina4j.training;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.Panels;
import io.github.lumina4j.model.ElementType;
import io.github.lumina4j.model.SafetensorsFile;
import io.github.lumina4j.model.SafetensorsWriter.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of pictures to train the image tokenizer on: {@code pixels-00000.safetensors} and so on
 * with {@code pixels} U8 [pictures, height, width, 3]; {@code panels} in the metadata is {@code 2}
 * where a picture is an upper and a lower half that are encoded each by itself. All pictures of a
 * folder have one size.
 */
public final class PixelShards {
  /** What the names of the files begin with. */
  public static final String NAME = "pixels";

  private static final String TENSOR = "pixels";
  private static final String PANELS = "panels";
  private static final Map<String, String> FORMAT =
      Map.of("format", "lumina4j-pixels", "version", "1");

  private record Kind(long height, long width, int panels) {
    static Kind of(SafetensorsFile shard) {
      SafetensorsFile.Entry entry = shard.tensors().get(TENSOR);
      String panels = shard.metadata().getOrDefault(PANELS, "");
      if (entry == null || entry.shape().size() != 4 || !panels.matches("[12]")) {
        throw new LuminaException(ErrorCode.IO, shard.path() + ": not a file of pictures");
      }
      return new Kind(entry.shape().get(1), entry.shape().get(2), Integer.parseInt(panels));
    }

    @Override
    public String toString() {
      return width + "x" + height + " pixels in " + panels + (panels == 1 ? " panel" : " panels");
    }
  }

  private PixelShards() {}

  /** Adds pictures to a folder; otherwise as {@link RecordShards.Writer}. */
  public static final class Writer implements AutoCloseable {
    private final ShardFolder folder;
    private final List<RgbImage> pictures = new ArrayList<>();
    private Kind kind; // null until there is a picture
    private long lastId;

    /**
     * @param name what the names of the files begin with: {@link #NAME}, or that and {@code
     *     -00001-of-00004} for one of several parts written side by side
     * @param madeBy what the pictures depend on, kept in every shard
     * @throws LuminaException with {@link ErrorCode#IO} if the folder holds shards that are damaged
     *     or were made by something else
     */
    public Writer(Path folder, String name, Map<String, String> madeBy) {
      Map<String, String> all = new LinkedHashMap<>(FORMAT);
      all.putAll(madeBy);
      this.folder = new ShardFolder(folder, name, all);
      kind = this.folder.shards().stream().map(Kind::of).findFirst().orElse(null);
    }

    /** Pictures in complete shards, those of earlier runs included. */
    public long records() {
      return folder.records();
    }

    /** Pictures with ids below this are in complete shards, or were left out. */
    public long nextId() {
      return folder.nextId();
    }

    /**
     * Whether a picture can be added; asked before {@link #add}, which takes no other.
     *
     * @param panels one picture, or an upper and a lower half of one size
     * @throws IllegalArgumentException if it has another size or number of panels than the first
     */
    public void check(List<RgbImage> panels) {
      if (panels.isEmpty() || panels.size() > 2) {
        throw new IllegalArgumentException(panels.size() + " pictures are neither one nor a pair");
      }
      Kind given = kind(panels);
      if (kind != null && !kind.equals(given)) {
        throw new IllegalArgumentException(given + ", but the others have " + kind);
      }
    }

    /**
     * Adds a picture.
     *
     * @param id grows from picture to picture
     * @throws LuminaException with {@link ErrorCode#IO} if a full shard cannot be written
     */
    public void add(long id, List<RgbImage> panels) {
      check(panels);
      if (id < folder.nextId() || !pictures.isEmpty() && id <= lastId) {
        throw new IllegalArgumentException("picture " + id + " after a later one");
      }
      kind = kind(panels);
      pictures.add(panels.size() == 1 ? panels.get(0) : Panels.stack(panels.get(0), panels.get(1)));
      lastId = id;
      long bytes = pictures.size() * kind.height * kind.width * RgbImage.CHANNELS;
      if (pictures.size() == ShardFolder.SHARD_RECORDS || bytes >= ShardFolder.SHARD_BYTES) {
        flush();
      }
    }

    private static Kind kind(List<RgbImage> panels) {
      RgbImage first = panels.get(0);
      for (RgbImage panel : panels) {
        if (panel.width() != first.width() || panel.height() != first.height()) {
          throw new IllegalArgumentException("two panels of different sizes");
        }
      }
      return new Kind((long) first.height() * panels.size(), first.width(), panels.size());
    }

    private void flush() {
      if (pictures.isEmpty()) {
        return;
      }
      Tensor pixels =
          new Tensor(
              TENSOR,
              ElementType.U8,
              List.of((long) pictures.size(), kind.height, kind.width, (long) RgbImage.CHANNELS),
              out -> {
                for (RgbImage picture : pictures) {
                  out.write(picture.pixels());
                }
              });
      folder.write(
          pictures.size(), lastId, Map.of(PANELS, Integer.toString(kind.panels)), List.of(pixels));
      pictures.clear();
    }

    /** Writes what is left as a last, smaller shard. */
    @Override
    public void close() {
      flush();
    }
  }

  /** The shards in a folder whose names begin with {@link #NAME}, those of all parts, in order. */
  public static List<Path> files(Path folder) {
    return ShardFolder.files(folder, NAME);
  }
}

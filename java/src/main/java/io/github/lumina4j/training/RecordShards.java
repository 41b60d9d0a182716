package io.github.lumina4j.training;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.SafetensorsFile;
import io.github.lumina4j.model.SafetensorsWriter.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of token records: {@code records-00000.safetensors} and so on with {@code tokens} I32
 * [total], {@code labels} I32 [total] and {@code offsets} I64 [records + 1], where record i has the
 * tokens from {@code offsets[i]} up to {@code offsets[i + 1]}.
 */
public final class RecordShards {
  /** What the names of the files begin with. */
  public static final String NAME = "records";

  private static final Map<String, String> FORMAT =
      Map.of("format", "lumina4j-records", "version", "1");

  private RecordShards() {}

  /**
   * Adds records to a folder, and continues where an earlier run ended. Not safe for use from
   * several threads. Only complete shards are ever in the folder; {@link #close} writes the last.
   */
  public static final class Writer implements AutoCloseable {
    private final ShardFolder folder;
    private int[] tokens = new int[1 << 12];
    private int[] labels = new int[1 << 12];
    private final long[] offsets = new long[ShardFolder.SHARD_RECORDS + 1];
    private int count;
    private long lastId;

    /**
     * @param name what the names of the files begin with: {@link #NAME}, or that and {@code
     *     -00001-of-00004} for one of several parts written side by side
     * @param madeBy what the records depend on, kept in every shard
     * @throws LuminaException with {@link ErrorCode#IO} if the folder holds shards that are damaged
     *     or were made by something else
     */
    public Writer(Path folder, String name, Map<String, String> madeBy) {
      Map<String, String> all = new LinkedHashMap<>(FORMAT);
      all.putAll(madeBy);
      this.folder = new ShardFolder(folder, name, all);
    }

    /** Records in complete shards, those of earlier runs included. */
    public long records() {
      return folder.records();
    }

    /** Records with ids below this are in complete shards, or were left out. */
    public long nextId() {
      return folder.nextId();
    }

    /**
     * Adds a record.
     *
     * @param id grows from record to record
     * @throws LuminaException with {@link ErrorCode#IO} if a full shard cannot be written
     */
    public void add(long id, TokenRecord record) {
      if (id < folder.nextId() || count > 0 && id <= lastId) {
        throw new IllegalArgumentException("record " + id + " after a later one");
      }
      int used = (int) offsets[count];
      int end = used + record.length();
      if (end > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(end, 2 * tokens.length));
        labels = Arrays.copyOf(labels, tokens.length);
      }
      record.copyTo(tokens, labels, used);
      offsets[++count] = end;
      lastId = id;
      boolean full = count == ShardFolder.SHARD_RECORDS;
      if (full || 2L * Integer.BYTES * end >= ShardFolder.SHARD_BYTES) {
        flush();
      }
    }

    private void flush() {
      if (count == 0) {
        return;
      }
      int total = (int) offsets[count];
      folder.write(
          count,
          lastId,
          Map.of(),
          List.of(
              Tensor.ofInts("tokens", tokens, total),
              Tensor.ofInts("labels", labels, total),
              Tensor.ofLongs("offsets", offsets, count + 1)));
      count = 0;
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

  /**
   * The records of one shard.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it is not one or is damaged
   */
  public static List<TokenRecord> read(Path shard) {
    SafetensorsFile file = SafetensorsFile.read(shard);
    FORMAT.forEach(
        (key, value) -> {
          if (!value.equals(file.metadata().get(key))) {
            throw new LuminaException(
                ErrorCode.IO, shard + ": not a file of token records: no " + key + " " + value);
          }
        });
    int[] tokens = file.ints("tokens");
    int[] labels = file.ints("labels");
    long[] offsets = file.longs("offsets");
    List<TokenRecord> records = new ArrayList<>();
    try {
      for (int i = 0; i + 1 < offsets.length; i++) {
        int from = Math.toIntExact(offsets[i]);
        int to = Math.toIntExact(offsets[i + 1]);
        records.add(
            new TokenRecord(
                Arrays.copyOfRange(tokens, from, to), Arrays.copyOfRange(labels, from, to)));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new LuminaException(
          ErrorCode.IO, shard + ": damaged: record " + records.size() + ": " + e.getMessage(), e);
    }
    return records;
  }
}

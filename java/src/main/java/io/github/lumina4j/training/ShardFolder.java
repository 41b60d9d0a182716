package io.github.lumina4j.training;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.SafetensorsFile;
import io.github.lumina4j.model.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The shards of one run in a folder: {@code NAME-00000.safetensors} and so on, each complete. What
 * a run has to know in order to continue is in their headers.
 */
final class ShardFolder {
  /** A shard is written when it has this many records, or this many bytes. */
  static final int SHARD_RECORDS = 4096;

  static final long SHARD_BYTES = 64L << 20;

  private static final String RECORDS = "records";
  private static final String LAST_ID = "last_id";

  private final Path folder;
  private final String name;
  private final Map<String, String> madeBy;
  private final List<SafetensorsFile> shards = new ArrayList<>();
  private long records;
  private long nextId;

  /**
   * Looks at the shards that are there; makes the folder if it is not.
   *
   * @param name what the files' names begin with: a plain word, or that and {@code -00001-of-00004}
   *     for one of several parts written side by side
   * @param madeBy what the records are and what they were made by; shards that say otherwise are
   *     not continued
   * @throws LuminaException with {@link ErrorCode#IO} if a shard is damaged, missing between others
   *     or was made by something else, or the folder cannot be used
   */
  ShardFolder(Path folder, String name, Map<String, String> madeBy) {
    this.folder = folder;
    this.name = name;
    this.madeBy = madeBy;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write to folder " + folder + ": " + e.getMessage(), e);
    }
    for (Path file : list(folder, name + "-[0-9]{5}\\.safetensors")) {
      if (!file.equals(path(shards.size()))) {
        throw new LuminaException(ErrorCode.IO, path(shards.size()) + ": this shard is missing");
      }
      SafetensorsFile shard = SafetensorsFile.read(file);
      check(shard);
      shards.add(shard);
      records += number(shard, RECORDS);
      nextId = number(shard, LAST_ID) + 1;
    }
  }

  /** The shards in a folder whose names begin with {@code name}, those of all parts, in order. */
  static List<Path> files(Path folder, String name) {
    return list(folder, name + "-([0-9]{5}-of-[0-9]{5}-)?[0-9]{5}\\.safetensors");
  }

  private static List<Path> list(Path folder, String pattern) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot list folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Records in the shards. */
  long records() {
    return records;
  }

  /** One more than the id of the last record in the shards; 0 if there is none. */
  long nextId() {
    return nextId;
  }

  /** The shards. */
  List<SafetensorsFile> shards() {
    return shards;
  }

  /** Writes the next shard. */
  void write(
      int count,
      long lastId,
      Map<String, String> moreMetadata,
      List<SafetensorsWriter.Tensor> tensors) {
    Map<String, String> metadata = new LinkedHashMap<>(madeBy);
    metadata.putAll(moreMetadata);
    metadata.put(RECORDS, Integer.toString(count));
    metadata.put(LAST_ID, Long.toString(lastId));
    Path file = path(shards.size());
    SafetensorsWriter.write(file, metadata, tensors);
    shards.add(SafetensorsFile.read(file));
    records += count;
    nextId = lastId + 1;
  }

  private Path path(int number) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%05d.safetensors", name, number));
  }

  private void check(SafetensorsFile shard) {
    madeBy.forEach(
        (key, value) -> {
          String found = shard.metadata().get(key);
          if (!value.equals(found)) {
            throw new LuminaException(
                ErrorCode.IO,
                shard.path()
                    + (": made with " + key + " " + found + ", not " + value)
                    + "; choose another folder or remove it");
          }
        });
  }

  private static long number(SafetensorsFile shard, String key) {
    try {
      return Long.parseLong(shard.metadata().getOrDefault(key, "missing"));
    } catch (NumberFormatException e) {
      throw new LuminaException(
          ErrorCode.IO, shard.path() + ": damaged: " + key + " is " + e.getMessage(), e);
    }
  }
}

package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Hashes of large files, made once and remembered in the cache for as long as a file's size and
 * times stay as they are. Times only save work here: another time means another look at the
 * content.
 */
final class FileHashes {
  private static final int NAME = 32;

  /**
   * A file that changes twice within the resolution of its times looks the same after the second
   * change, so one that has just changed is not remembered.
   */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /** What is remembered of a file, and by what it is known to be unchanged. */
  private record Entry(String path, State state, String sha256) {}

  private record State(long size, String modified, String changed, String inode) {}

  private final Path folder;

  /** Remembers below {@code cache}; works without if nothing can be written there. */
  FileHashes(Path cache) {
    folder = cache.resolve("hashes");
  }

  /** How many bytes would have to be read for {@link #of}. */
  long cost(Path file) {
    try {
      return remembered(file.toRealPath()) == null ? Files.size(file) : 0;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The SHA-256 of a file's content.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read
   */
  String of(Path file) {
    try {
      Path real = file.toRealPath();
      Entry known = remembered(real);
      if (known != null) {
        return known.sha256();
      }
      State before = state(real);
      String hash = Sha256.of(real);
      if (before.equals(state(real))) {
        remember(new Entry(real.toString(), before, hash));
      }
      return hash;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Entry remembered(Path real) throws IOException {
    try {
      Entry entry = JsonText.reader(Entry.class).readValue(Files.readString(place(real)));
      return entry.sha256() != null && state(real).equals(entry.state()) ? entry : null;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      return null; // not there, or not readable
    }
  }

  private void remember(Entry entry) {
    Instant changed = Instant.parse(entry.state().changed());
    if (changed.isAfter(Instant.now().minus(SETTLED))) {
      return;
    }
    try {
      Files.createDirectories(folder);
      TextFiles.write(place(Path.of(entry.path())), JsonText.of(entry) + "\n");
    } catch (IOException | LuminaException e) {
      // The next run looks at the content again.
    }
  }

  private Path place(Path real) {
    String name = Sha256.of(real.toString().getBytes(StandardCharsets.UTF_8)).substring(0, NAME);
    return folder.resolve(name + ".json");
  }

  private static State state(Path file) throws IOException {
    Map<String, Object> unix = Map.of();
    try {
      unix = Files.readAttributes(file, "unix:ctime,ino");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // Only the time of the last change then.
    }
    String modified = Files.getLastModifiedTime(file).toInstant().toString();
    Object changed = unix.get("ctime");
    return new State(
        Files.size(file),
        modified,
        changed == null ? modified : changed.toString(),
        String.valueOf(unix.get("ino")));
  }

  private static LuminaException unreadable(Path file, IOException e) {
    return new LuminaException(ErrorCode.IO, "cannot read " + file + ": " + TextFiles.reason(e), e);
  }
}

package io.github.lumina4j.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * File names that are not valid UTF-8. Java turns the bytes of an argument that it cannot read into
 * U+FFFD and no longer finds the file; a folder's listing has the bytes themselves.
 */
public final class ByteNames {
  private static final char LOST = '\ufffd';

  private ByteNames() {}

  /** Whether bytes of the name were lost. */
  public static boolean lost(Path file) {
    return file.toString().indexOf(LOST) >= 0;
  }

  /**
   * The file that {@code file} stands for: itself if it is there or its name is whole, else the one
   * in its folder whose name reads the same.
   *
   * @throws NoSuchFileException if there is none, or there are several
   * @throws IOException if a folder cannot be listed
   */
  public static Path find(Path file) throws IOException {
    if (!lost(file) || Files.exists(file)) {
      return file;
    }
    Path absolute = file.toAbsolutePath();
    Path found = absolute.getRoot();
    for (Path name : absolute) {
      Path next = found.resolve(name);
      found = lost(name) && !Files.exists(next) ? alike(found, name.toString()) : next;
    }
    return found;
  }

  private static Path alike(Path folder, String name) throws IOException {
    List<Path> alike;
    try (Stream<Path> all = Files.list(folder)) {
      alike = all.filter(path -> path.getFileName().toString().equals(name)).toList();
    }
    if (alike.size() != 1) {
      throw new NoSuchFileException(
          folder.resolve(name).toString(),
          null,
          alike.isEmpty()
              ? "there is no such file"
              : alike.size() + " files have this name, which is not valid UTF-8; rename it first");
    }
    return alike.get(0);
  }
}

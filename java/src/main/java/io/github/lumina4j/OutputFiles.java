package io.github.lumina4j;

import io.github.lumina4j.internal.AtomicFile;
import io.github.lumina4j.internal.WritableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files that are complete or not there: what is written goes to a temporary name in the same folder
 * first. For pictures see {@link io.github.lumina4j.image.ImageFiles}. All methods may be called
 * from any thread.
 */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * Whether {@link #write} has a chance, asked before the work whose result it is to keep: whether
   * the folder is there and takes the name, and the disk has room.
   *
   * @param bytes how much will be written at least; 0 if that is not known
   * @throws LuminaException with {@link ErrorCode#IO} if it has none
   */
  public static void checkWritable(Path file, long bytes) {
    Objects.requireNonNull(file, "file");
    WritableFile.problem(file, bytes)
        .ifPresent(
            problem -> {
              throw new LuminaException(ErrorCode.IO, "cannot write " + file + ": " + problem);
            });
  }

  /**
   * Writes a file, over an existing one; a symbolic link keeps pointing at the file that changes.
   *
   * @throws IOException if that fails; the file is as before
   */
  public static void write(Path file, byte[] content) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(content, "content");
    AtomicFile.write(file, out -> out.write(content));
  }

  /**
   * Whether {@code file} is what a process that was killed left of a file called {@code name} in
   * the same folder.
   */
  public static boolean isUnfinished(Path file, String name) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(name, "name");
    return AtomicFile.isTemporary(file, name);
  }
}

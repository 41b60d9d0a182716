package io.github.lumina4j.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a file can be written, asked before the work whose result it is to hold. */
public final class WritableFile {
  /** What file systems in use allow a name to have. */
  private static final int USUAL_NAME_BYTES = 255;

  private WritableFile() {}

  /**
   * Why {@link AtomicFile#write} would fail now; empty if it has a chance. A file of the same
   * length of name is made in the folder for a moment, because nothing else tells reliably:
   * permissions mean nothing to the superuser, and file systems differ in the names they take.
   *
   * @param bytes how much will be written at least; 0 if that is not known
   */
  public static Optional<String> problem(Path target, long bytes) {
    Path file;
    try {
      file = AtomicFile.resolve(target);
    } catch (IOException e) {
      return Optional.of(reason(e));
    }
    Path name = file.getFileName();
    if (name == null) {
      return Optional.of("it is a folder");
    }
    Path folder = file.getParent();
    if (!Files.exists(folder)) {
      return Optional.of("folder " + folder + " does not exist");
    }
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is not a folder");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return Optional.of("it exists and is not a regular file");
    }
    return probe(file).or(() -> room(folder, bytes));
  }

  private static Optional<String> probe(Path file) {
    Path folder = file.getParent();
    int length = AtomicFile.bytes(file.getFileName().toString());
    Path probe = AtomicFile.temporary(file);
    int missing = length - AtomicFile.bytes(probe.getFileName().toString());
    if (missing > 0) {
      probe = file.resolveSibling("." + "x".repeat(missing - 1) + probe.getFileName());
    }
    try {
      Files.createFile(probe);
      Files.delete(probe);
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of("folder " + folder + " is read-only");
    } catch (IOException e) {
      String reason = reason(e);
      if (length > USUAL_NAME_BYTES || reason.contains("too long")) {
        return Optional.of(
            "its name is too long: " + length + " bytes, and most file systems allow 255");
      }
      return Optional.of(
          reason.contains("Read-only file system") ? "folder " + folder + " is read-only" : reason);
    }
  }

  private static Optional<String> room(Path folder, long bytes) {
    if (bytes <= 0) {
      return Optional.empty();
    }
    long free;
    try {
      free = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return Optional.empty(); // not every file system tells
    }
    return free >= bytes
        ? Optional.empty()
        : Optional.of(
            "folder " + folder + " has " + size(free) + " left, and it needs about " + size(bytes));
  }

  private static String size(long bytes) {
    return bytes < 10L << 20 ? (bytes + 1023 >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return reason == null || reason.isBlank() ? e.getClass().getSimpleName() : reason;
  }
}

package io.github.lumina4j.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Writes a file so that it is either complete or as it was before: to a temporary name in the same
 * folder, to the disk, then moved into place. {@link WritableFile} tells beforehand whether that
 * can work.
 */
public final class AtomicFile {
  /**
   * Longest part of a file's own name, in bytes, that its temporary name repeats whole. With what
   * is added, 139 bytes, which even file systems that encrypt names accept.
   */
  private static final int WHOLE_NAME = 120;

  private static final Pattern TEMPORARY = Pattern.compile("\\.(.+)\\.[0-9a-z]+\\.tmp");

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes {@code target}, over an existing file if there is one; a symbolic link keeps pointing at
   * the file that changes. Nothing is left behind when {@code content} or the disk fails.
   */
  public static void write(Path target, Content content) throws IOException {
    Path file = resolve(target);
    Path temporary = temporary(file);
    boolean created = false;
    try {
      // Not Files.createTempFile: its files are for the owner only, and would stay so when moved.
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        created = true;
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      move(temporary, file);
      created = false;
    } finally {
      if (created) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /** The file that writing {@code target} changes: where a link leads, if it is one. */
  static Path resolve(Path target) throws IOException {
    return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
  }

  /**
   * A new temporary name beside {@code file}, never longer than the file's own name unless that is
   * short: a file system that takes the one takes the other.
   */
  static Path temporary(Path file) {
    String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    return file.resolveSibling("." + stem(file.getFileName().toString()) + "." + suffix + ".tmp");
  }

  /** Whether {@code file} is what a write of a file called {@code name} left when it was killed. */
  public static boolean isTemporary(Path file, String name) {
    Matcher matcher = TEMPORARY.matcher(file.getFileName().toString());
    return matcher.matches() && matcher.group(1).equals(stem(name));
  }

  /** The name, or as much of a long one as leaves room, with a checksum of the whole. */
  private static String stem(String name) {
    if (bytes(name) <= WHOLE_NAME) {
      return name;
    }
    int room = WHOLE_NAME - 9;
    int end = name.length();
    for (int used = bytes(name); used > room; ) {
      int start = name.offsetByCodePoints(end, -1);
      used -= bytes(name.substring(start, end));
      end = start;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return name.substring(0, end) + String.format("~%08x", sum.getValue());
  }

  /** Length of a name as file systems count it. */
  static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

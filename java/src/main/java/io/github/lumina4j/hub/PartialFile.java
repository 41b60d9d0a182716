package io.github.lumina4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file on its way, in chunks that fill from their beginnings. How far each chunk is stands behind
 * the content, in the same file: the bytes there of each chunk, then a mark, the size and the size
 * of a chunk, 8 bytes each. A later process continues from there; when all is there, the end is cut
 * off. Thread-safe.
 *
 * <p>Other programs that keep files in this cache would take a file with an end like this for their
 * own if it had their kind of name, so it has another; see {@link RepoFolder#partial}.
 */
final class PartialFile implements AutoCloseable {
  private static final long MARK = 0x6c756d696e613031L; // lumina01
  private static final int FOOTER = 24;

  // Written down after so many bytes, so that a killed process loses little.
  private static final long NOTE_BYTES = 1 << 20;

  private final Path path;
  private final long size;
  private final long chunkBytes;
  private final FileChannel channel;
  private final long[] done;
  private final long[] noted;
  private boolean sealed;

  private PartialFile(Path path, long size, long chunkBytes, FileChannel channel) {
    this.path = path;
    this.size = size;
    this.chunkBytes = chunkBytes;
    this.channel = channel;
    int chunks = Math.toIntExact((size + chunkBytes - 1) / chunkBytes);
    done = new long[chunks];
    noted = new long[chunks];
  }

  /** Goes on with {@code path} if it is such a file of this size; else it is begun anew. */
  static PartialFile open(Path path, long size, long chunkBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      PartialFile file = new PartialFile(path, size, chunkBytes, channel);
      if (!file.readNotes()) {
        file.begin();
      }
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** How many bytes of the content are in {@code path}; 0 if it is no such file. */
  static long bytesIn(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer footer = ByteBuffer.allocate(FOOTER);
      if (channel.size() < FOOTER
          || !readFully(channel, channel.size() - FOOTER, footer)
          || footer.getLong() != MARK) {
        return 0;
      }
      long size = footer.getLong();
      long chunkBytes = footer.getLong();
      if (size < 0 || chunkBytes <= 0 || size / chunkBytes > channel.size()) {
        return 0;
      }
      PartialFile file = new PartialFile(path, size, chunkBytes, channel);
      return file.readNotes() ? file.bytes() : 0;
    }
  }

  private boolean readNotes() throws IOException {
    ByteBuffer notes = ByteBuffer.allocate(8 * done.length + FOOTER);
    if (channel.size() != size + notes.capacity()) {
      return false;
    }
    if (!readFully(channel, size, notes)) {
      return false;
    }
    for (int chunk = 0; chunk < done.length; chunk++) {
      long bytes = notes.getLong();
      if (bytes < 0 || bytes > end(chunk) - begin(chunk)) {
        Arrays.fill(done, 0);
        return false;
      }
      done[chunk] = bytes;
      noted[chunk] = bytes;
    }
    boolean same =
        notes.getLong() == MARK && notes.getLong() == size && notes.getLong() == chunkBytes;
    if (!same) {
      Arrays.fill(done, 0);
    }
    return same;
  }

  private static boolean readFully(FileChannel channel, long position, ByteBuffer bytes)
      throws IOException {
    for (long at = position; bytes.hasRemaining(); at = position + bytes.position()) {
      if (channel.read(bytes, at) < 0) {
        return false;
      }
    }
    bytes.flip();
    return true;
  }

  /** Forgets what is there. */
  synchronized void begin() throws IOException {
    sealed = false;
    Arrays.fill(done, 0);
    Arrays.fill(noted, 0);
    channel.truncate(0);
    ByteBuffer notes = ByteBuffer.allocate(8 * done.length + FOOTER);
    notes.position(8 * done.length);
    notes.putLong(MARK).putLong(size).putLong(chunkBytes).rewind();
    writeFully(size, notes);
  }

  Path path() {
    return path;
  }

  int chunks() {
    return done.length;
  }

  private long begin(int chunk) {
    return chunk * chunkBytes;
  }

  /** Behind the last byte of a chunk. */
  long end(int chunk) {
    return Math.min(size, (chunk + 1) * chunkBytes);
  }

  /** The first byte of a chunk that is not there, or its end. */
  synchronized long position(int chunk) {
    return begin(chunk) + done[chunk];
  }

  /** The bytes that are there. */
  synchronized long bytes() {
    long sum = 0;
    for (long bytes : done) {
      sum += bytes;
    }
    return sum;
  }

  /** The first chunk of which something is missing; the last one if there is none. */
  synchronized int firstIncomplete() {
    int chunk = 0;
    while (chunk < done.length - 1 && position(chunk) == end(chunk)) {
      chunk++;
    }
    return chunk;
  }

  boolean complete() {
    return bytes() == size;
  }

  /** From now on nothing is written: what is there can be checked. */
  synchronized void seal() {
    sealed = true;
  }

  /**
   * Writes bytes to their place; of a sealed file they are dropped.
   *
   * @return how many of them were not there before
   */
  synchronized long write(long position, ByteBuffer bytes) throws IOException {
    if (sealed) {
      return 0;
    }
    long end = position + bytes.remaining();
    writeFully(position, bytes);
    long fresh = 0;
    for (long at = position; at < end; ) {
      int chunk = (int) (at / chunkBytes);
      long until = Math.min(end, end(chunk));
      long there = until - begin(chunk);
      if (at <= position(chunk) && there > done[chunk]) {
        fresh += there - done[chunk];
        done[chunk] = there;
        if (there - noted[chunk] >= NOTE_BYTES || until == end(chunk)) {
          note(chunk);
        }
      }
      at = until;
    }
    return fresh;
  }

  private void note(int chunk) throws IOException {
    noted[chunk] = done[chunk];
    writeFully(size + 8L * chunk, ByteBuffer.allocate(8).putLong(done[chunk]).rewind());
  }

  private void writeFully(long position, ByteBuffer bytes) throws IOException {
    for (long at = position; bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  /** Reads content that is there. */
  int read(long position, ByteBuffer bytes) throws IOException {
    bytes.limit((int) Math.min(bytes.capacity(), size - position));
    return channel.read(bytes, position);
  }

  /** Turns the complete file into {@code target}: on the disk first, and all of it at once. */
  void moveTo(Path target) throws IOException {
    channel.truncate(size);
    channel.force(true);
    channel.close();
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Writes down how far it is. */
  @Override
  public synchronized void close() throws IOException {
    if (channel.isOpen()) {
      for (int chunk = 0; chunk < done.length; chunk++) {
        if (noted[chunk] != done[chunk]) {
          note(chunk);
        }
      }
      channel.close();
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Seeds;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * What became of each picture of a batch, a line of JSON each, over all runs. Pictures themselves
 * tell what is done; this tells what failed and why. While it is open, it keeps a second process
 * off the same part of the batch.
 */
final class BatchJournal implements AutoCloseable {
  /** {@code state}: {@code made} or {@code failed}; {@code code} and {@code error} of a failure. */
  record Entry(
      String time,
      String state,
      int line,
      String key,
      String file,
      BigInteger seed,
      Double seconds,
      Double score,
      String code,
      String error) {}

  private final Path file;
  private final FileChannel channel;

  private BatchJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The name of the journal of a part. */
  static String name(Shard shard) {
    return shard.count() == 1
        ? "batch.jsonl"
        : "batch-" + shard.number() + "-of-" + shard.count() + ".jsonl";
  }

  /**
   * Opens the journal of a part, to add to it.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if that fails or another process has it open
   */
  static BatchJournal open(Path folder, Shard shard) {
    Path file = folder.resolve(name(shard));
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new LuminaException(
            ErrorCode.IO, file + ": another process is making this batch; --shard divides it");
      }
      BatchJournal journal = new BatchJournal(file, channel);
      journal.endLastLine();
      return journal;
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write " + file + ": " + TextFiles.reason(e), e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process
    }
  }

  /** A process that was killed may have left half a line. */
  private void endLastLine() throws IOException {
    long size = channel.size();
    channel.position(size);
    ByteBuffer last = ByteBuffer.allocate(1);
    if (size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n') {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
  }

  void made(BatchPicture picture, long seed, double seconds, Double score) {
    write(
        new Entry(
            Instant.now().toString(),
            "made",
            picture.line(),
            picture.key(),
            picture.file().getFileName().toString(),
            Seeds.number(seed),
            seconds,
            score,
            null,
            null));
  }

  void failed(BatchPicture picture, String code, String error) {
    write(
        new Entry(
            Instant.now().toString(),
            "failed",
            picture.line(),
            picture.key(),
            picture.file().getFileName().toString(),
            Seeds.number(picture.seed()),
            null,
            null,
            code,
            error));
  }

  private void write(Entry entry) {
    try {
      ByteBuffer line =
          ByteBuffer.wrap((JsonText.of(entry) + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write " + file + ": " + TextFiles.reason(e), e);
    }
  }

  Path file() {
    return file;
  }

  /** Ends the lock, too. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot write " + file + ": " + TextFiles.reason(e), e);
    }
  }
}

package io.github.lumina4j.model;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of content: by it, what was made from a file knows the file again. */
public final class Sha256 {
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int SAMPLES = 64;

  private Sha256() {}

  /**
   * The hash of a file's content, 64 hexadecimal digits.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read
   */
  public static String of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = digest();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read " + file + ": " + SafetensorsFile.reason(e), e);
    }
  }

  /**
   * A hash of a file's length and of 64 pieces spread evenly over it, 4 MiB in all; of a smaller
   * file, the whole. It tells weights from others in no time, as training changes all of them, but
   * does not notice every change.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read
   */
  public static String sampled(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      MessageDigest digest = digest();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      long step = Math.max(CHUNK_BYTES, (size - CHUNK_BYTES + SAMPLES - 2) / (SAMPLES - 1));
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      for (long at = 0; at < size; at += step) {
        chunk.clear();
        for (int count = 0; count >= 0 && chunk.hasRemaining(); ) {
          count = channel.read(chunk, at + chunk.position());
        }
        digest.update(chunk.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read " + file + ": " + SafetensorsFile.reason(e), e);
    }
  }

  /** The hash of {@code content}, 64 hexadecimal digits. */
  public static String of(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new LuminaException(ErrorCode.INTERNAL, "every Java has SHA-256", e);
    }
  }
}

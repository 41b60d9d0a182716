package io.github.lumina4j.hub;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash of a file's content, of the kind that the hub knows it by. */
final class BlobHash {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int SHA256_DIGITS = 64;

  private BlobHash() {}

  /** Of the same kind as {@code expected}: SHA-256, or Git's, which is SHA-1 with a heading. */
  static String of(PartialFile file, long size, String expected, StopSignal stop)
      throws IOException {
    boolean large = expected.length() == SHA256_DIGITS;
    MessageDigest digest = digest(large ? "SHA-256" : "SHA-1");
    if (!large) {
      digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (long at = 0; at < size; at += chunk.position()) {
      stop.check();
      if (file.read(at, chunk.clear()) < 0) {
        break;
      }
      digest.update(chunk.array(), 0, chunk.position());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new LuminaException(ErrorCode.INTERNAL, "every Java has " + algorithm, e);
    }
  }
}

package io.github.lumina4j.model;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of content: by it, what was made from a file knows the file again. */
public final class Sha256 {
  private static final int CHUNK_BYTES = 1 << 16;

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

package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutputFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reading and writing text files in UTF-8, with messages fit to show. */
final class TextFiles {
  private TextFiles() {}

  /**
   * The text of a file of at most {@code limit} bytes.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read, is larger, or is not
   *     UTF-8
   */
  static String read(Path file, int limit) {
    if (Files.isDirectory(file)) {
      throw new LuminaException(ErrorCode.IO, "cannot read " + file + ": it is a folder");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), limit);
    } catch (IOException e) {
      throw new LuminaException(ErrorCode.IO, "cannot read " + file + ": " + reason(e), e);
    }
  }

  /** The text of a stream, read to its end; {@code name} stands for it in messages. */
  static String read(InputStream in, String name, int limit) {
    try {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new LuminaException(
            ErrorCode.IO, "cannot read " + name + ": it is larger than " + Units.bytes(limit));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new LuminaException(ErrorCode.IO, "cannot read " + name + ": it is not UTF-8", e);
    } catch (IOException e) {
      throw new LuminaException(ErrorCode.IO, "cannot read " + name + ": " + reason(e), e);
    }
  }

  /**
   * Writes a file, over an existing one; it appears complete or not at all.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if that fails
   */
  static void write(Path file, String text) {
    try {
      OutputFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new LuminaException(ErrorCode.IO, "cannot write " + file + ": " + reason(e), e);
    }
  }

  /**
   * Whether {@link #write} has a chance, asked before the work is done.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it has none
   */
  static void checkWritable(Path file) {
    OutputFiles.checkWritable(file, 0);
  }

  /** Why it failed, without the file's name, which Java repeats. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    // Java's message of such a failure begins with the file's name, here a temporary one.
    String message =
        e instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}

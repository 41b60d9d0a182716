package io.github.lumina4j.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A checkpoint's tokenizer: text to token ids. Safe to use from several threads at once; owns
 * native memory, so close it. Closing waits for running calls and may be repeated.
 */
public final class LuminaTokenizer implements AutoCloseable {
  private final TokenizerFile file;
  private final HuggingFaceTokenizer tokenizer;
  // Readers encode, the writer closes: the native object must not go away under a running call.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private LuminaTokenizer(TokenizerFile file, HuggingFaceTokenizer tokenizer) {
    this.file = file;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads the tokenizer of {@code file}. Takes seconds for the released vocabulary with its 19,720
   * added tokens, so a caller does it beside the weights. Uses no network.
   *
   * @throws CheckpointException if the file is missing by now, or describes no tokenizer
   * @throws io.github.lumina4j.DeviceException if the native library cannot be loaded
   */
  public static LuminaTokenizer open(TokenizerFile file) {
    NativeTokenizers.load();
    // Without these the library cuts every text at 512 tokens, or as the file asks.
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "false",
            "truncation", "DO_NOT_TRUNCATE",
            "padding", "DO_NOT_PAD");
    try {
      TokenizerFile.checkFile(file.path());
      try (InputStream in = Files.newInputStream(file.path())) {
        return new LuminaTokenizer(file, HuggingFaceTokenizer.newInstance(in, options));
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw TokenizerFile.unreadable(file.path(), e);
    } catch (RuntimeException e) {
      throw new CheckpointException(
          file.path() + ": not a tokenizer: " + TokenizerFile.firstLine(e.getMessage()), e);
    }
  }

  /** The names and ids this tokenizer was loaded from. */
  public TokenizerFile file() {
    return file;
  }

  /**
   * The ids of {@code text}, of any length, with nothing put before or after them. Added tokens in
   * the text become their ids: see {@link ControlTokens} for words of a user.
   *
   * @throws IllegalArgumentException if the text has half of a surrogate pair, which is no
   *     character
   * @throws IllegalStateException after {@link #close}
   */
  public int[] encode(String text) {
    Texts.requireCharacters(Objects.requireNonNull(text, "text"), "text");
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      long[] ids = tokenizer.encode(text, false, false).getIds();
      int[] result = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        result[i] = Math.toIntExact(ids[i]);
      }
      return result;
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new LuminaException(
          ErrorCode.INTERNAL,
          file.path() + ": the tokenizer failed: " + TokenizerFile.firstLine(e.getMessage()),
          e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The id of a token by its exact name, added or of the vocabulary. */
  public OptionalInt id(String token) {
    return file.id(token);
  }

  /**
   * The name of a token as in the file.
   *
   * @throws IllegalArgumentException if no token has the id
   */
  public String token(int id) {
    return file.token(id);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}

package io.github.lumina4j.training;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The items of a file of examples, one after the other: JSON lines, or one JSON list. An item that
 * is no JSON is only found out when it is read, in JSON lines.
 */
public final class ExampleFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final BufferedReader reader;
  private final JsonParser list; // null for JSON lines
  private long line; // lines read; in a list, lines before it
  private long index;

  /**
   * One item.
   *
   * @param index counted from 0; empty lines do not count
   * @param line where it begins, counted from 1
   * @param json its text
   */
  public record Item(long index, long line, String json) {}

  private ExampleFile(Path path, BufferedReader reader) throws IOException {
    this.path = path;
    this.reader = reader;
    list = beginsList() ? JSON.getFactory().createParser(reader) : null;
    if (list != null) {
      list.nextToken();
    }
  }

  /**
   * Opens a file.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read
   */
  public static ExampleFile open(Path path) {
    BufferedReader reader = null;
    try {
      reader = Files.newBufferedReader(path);
      return new ExampleFile(path, reader);
    } catch (IOException e) {
      closeQuietly(reader);
      throw unreadable(path, e);
    }
  }

  /**
   * Number of items in a file.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if it cannot be read
   */
  public static long count(Path path) {
    try (ExampleFile file = open(path)) {
      long count = 0;
      while (file.next() != null) {
        count++;
      }
      return count;
    }
  }

  /**
   * The next item, or null after the last.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file cannot be read, or is a damaged
   *     list
   */
  public Item next() {
    try {
      return list == null ? nextLine() : nextOfList();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private Item nextLine() throws IOException {
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      if (!text.isBlank()) {
        return new Item(index++, line, text);
      }
    }
    return null;
  }

  private Item nextOfList() throws IOException {
    JsonToken token = list.nextToken();
    if (token == null || token == JsonToken.END_ARRAY) {
      return null;
    }
    long begin = line + list.currentTokenLocation().getLineNr();
    return new Item(index++, begin, JSON.readTree(list).toString());
  }

  @Override
  public void close() {
    closeQuietly(reader);
  }

  // Leaves the reader at the first character that is no space, and counts the lines before it.
  private boolean beginsList() throws IOException {
    reader.mark(1);
    int character = reader.read();
    while (character >= 0 && Character.isWhitespace(character)) {
      line += character == '\n' ? 1 : 0;
      reader.mark(1);
      character = reader.read();
    }
    if (character >= 0) {
      reader.reset();
    }
    return character == '[';
  }

  private static void closeQuietly(BufferedReader reader) {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      // Nothing was written; what was read was read.
    }
  }

  private static LuminaException unreadable(Path path, IOException e) {
    String reason = e.getMessage();
    if (e instanceof JsonProcessingException json) {
      reason = json.getOriginalMessage() + " (line " + json.getLocation().getLineNr() + ")";
    } else if (e instanceof NoSuchFileException) {
      reason = "there is no such file";
    } else if (e instanceof CharacterCodingException) {
      reason = "it is not UTF-8";
    }
    return new LuminaException(ErrorCode.IO, "cannot read " + path + ": " + reason, e);
  }
}

package io.github.lumina4j.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.IIOException;

/** Text in PNG files: tEXt for Latin-1, iTXt for everything else; zTXt is read too. */
final class PngText {
  private static final Charset LATIN_1 = StandardCharsets.ISO_8859_1;
  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final int MAX_KEYWORD = 79;

  // A few kilobytes can unpack to gigabytes.
  private static final int MAX_INFLATED_BYTES = 16 << 20;

  /** A chunk's type and data. */
  record TextChunk(String type, byte[] data) {}

  private PngText() {}

  /**
   * Checks that a keyword and its text can be stored.
   *
   * @throws IllegalArgumentException if not
   */
  static void check(String keyword, String text) {
    boolean valid =
        !keyword.isEmpty()
            && keyword.length() <= MAX_KEYWORD
            && keyword.equals(keyword.strip())
            && !keyword.contains("  ")
            && keyword.chars().allMatch(PngText::isPrintableLatin1);
    if (!valid) {
      throw new IllegalArgumentException(
          "PNG keyword \"" + keyword + "\" is not 1 to 79 printable Latin-1 characters");
    }
    if (text.indexOf('\0') >= 0 || !UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "the text of PNG keyword \"" + keyword + "\" holds NUL or half a surrogate pair");
    }
  }

  /** The chunk for a checked keyword and text. */
  static TextChunk encode(String keyword, String text) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(keyword.getBytes(LATIN_1));
    data.write(0);
    if (text.chars().allMatch(c -> c == '\n' || isPrintableLatin1(c))) {
      data.writeBytes(text.getBytes(LATIN_1));
      return new TextChunk("tEXt", data.toByteArray());
    }
    // Not compressed (two bytes), no language, no translated keyword.
    data.writeBytes(new byte[] {0, 0, 0, 0});
    data.writeBytes(text.getBytes(UTF_8));
    return new TextChunk("iTXt", data.toByteArray());
  }

  /**
   * All text of a file, in its order; of a keyword that occurs twice the first.
   *
   * @throws IIOException if a text chunk is damaged
   */
  static Map<String, String> read(PngChunks png) throws IIOException {
    Map<String, String> result = new LinkedHashMap<>();
    for (PngChunks.Chunk chunk : png.chunks()) {
      String type = chunk.type();
      if (type.equals("tEXt") || type.equals("zTXt") || type.equals("iTXt")) {
        png.checkSum(chunk);
        byte[] data = png.data(chunk);
        int end = terminator(data, 0, type);
        result.putIfAbsent(new String(data, 0, end, LATIN_1), decode(type, data, end + 1));
      }
    }
    return result;
  }

  /** The text that starts, with its flags, after the keyword at {@code at}. */
  private static String decode(String type, byte[] data, int at) throws IIOException {
    if (type.equals("tEXt")) {
      return new String(data, at, data.length - at, LATIN_1);
    }
    if (type.equals("zTXt")) {
      checkMethod(data, at, type);
      return new String(inflate(data, at + 1), LATIN_1);
    }
    boolean compressed = at < data.length && data[at] == 1;
    checkMethod(data, at + 1, type);
    int language = terminator(data, at + 2, type);
    int start = terminator(data, language + 1, type) + 1;
    byte[] text = compressed ? inflate(data, start) : Arrays.copyOfRange(data, start, data.length);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new IIOException("a text chunk is not UTF-8", e);
    }
  }

  private static void checkMethod(byte[] data, int at, String type) throws IIOException {
    if (at >= data.length || data[at] != 0) {
      throw new IIOException("a " + type + " chunk has an unknown compression method");
    }
  }

  private static int terminator(byte[] data, int from, String type) throws IIOException {
    for (int i = from; i < data.length; i++) {
      if (data[i] == 0) {
        return i;
      }
    }
    throw new IIOException("a " + type + " chunk is damaged");
  }

  private static byte[] inflate(byte[] data, int from) throws IIOException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data, from, data.length - from);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      while (!inflater.finished()) {
        int count = inflater.inflate(part);
        if (count == 0 && !inflater.finished()) {
          throw new IIOException("a compressed text chunk is truncated");
        }
        out.write(part, 0, count);
        if (out.size() > MAX_INFLATED_BYTES) {
          throw new IIOException("a text chunk unpacks to more than 16 MiB");
        }
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IIOException("a compressed text chunk is damaged", e);
    } finally {
      inflater.end();
    }
  }

  private static boolean isPrintableLatin1(int c) {
    return (c >= 0x20 && c <= 0x7e) || (c >= 0xa1 && c <= 0xff);
  }
}

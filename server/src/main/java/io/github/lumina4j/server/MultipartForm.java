package io.github.lumina4j.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with a picture ({@code multipart/form-data}, RFC 7578). A part is told by its name alone:
 * clients that send a picture from memory give it no file name, and what they do give is not looked
 * at.
 */
final class MultipartForm {
  private static final int MAX_PARTS = 64;
  private static final int MAX_HEADER_BYTES = 4096;
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};
  private static final byte[] DASHES = {'-', '-'};

  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");
  private static final Pattern NAME =
      Pattern.compile(
          "^content-disposition:\\s*form-data\\s*;\\s*name=(?:\"([^\"\\\\]{1,64})\"|([^\\s;\"]{1,64}))",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private final Map<String, byte[]> parts = new HashMap<>();

  private MultipartForm() {}

  /**
   * Reads a form.
   *
   * @param contentType header of the request, which names the boundary between parts
   * @throws ApiException if it is no such form, or a part comes twice
   */
  static MultipartForm read(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw malformed("its content type names no boundary");
    }
    String text = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    byte[] delimiter = ("\r\n--" + text).getBytes(StandardCharsets.ISO_8859_1);
    MultipartForm form = new MultipartForm();
    form.read(body, delimiter);
    return form;
  }

  /** The given picture, under either name that clients have for it. */
  Optional<byte[]> picture() {
    if (parts.containsKey("image") && parts.containsKey("image[]")) {
      throw twice("image");
    }
    return Optional.ofNullable(parts.getOrDefault("image", parts.get("image[]")));
  }

  /** All other parts, as text. */
  Map<String, String> texts() {
    if (parts.containsKey("mask")) {
      throw ApiException.invalid("mask", "masks are not supported: say in words what to change");
    }
    Map<String, String> texts = new HashMap<>();
    parts.forEach(
        (name, content) -> {
          if (!name.equals("image") && !name.equals("image[]")) {
            texts.put(name, text(name, content));
          }
        });
    return texts;
  }

  private void read(byte[] body, byte[] delimiter) {
    // The first boundary need not follow a line end.
    int at =
        startsWith(body, 0, Arrays.copyOfRange(delimiter, LINE_END.length, delimiter.length))
            ? delimiter.length - LINE_END.length
            : after(body, 0, delimiter, "it has no parts");
    for (int count = 0; !startsWith(body, at, DASHES); count++) {
      if (count == MAX_PARTS) {
        throw malformed("it has too many parts");
      }
      int headers = after(body, at, LINE_END, "it is cut off");
      int content = after(body, at, HEADERS_END, "a part has no headers");
      if (content - headers > MAX_HEADER_BYTES) {
        throw malformed("the headers of a part are too long");
      }
      String name = name(new String(body, headers, content - headers, StandardCharsets.UTF_8));
      at = after(body, content, delimiter, "it is cut off");
      byte[] part = Arrays.copyOfRange(body, content, at - delimiter.length);
      if (parts.put(name, part) != null) {
        throw twice(name);
      }
    }
  }

  private static String name(String headers) {
    Matcher name = NAME.matcher(headers);
    if (!name.find()) {
      throw malformed("a part has no name");
    }
    return name.group(1) != null ? name.group(1) : name.group(2);
  }

  private static String text(String name, byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.invalid(name, name + " is not UTF-8");
    }
  }

  /** The index behind the first {@code pattern} from {@code start} on. */
  private static int after(byte[] body, int start, byte[] pattern, String problem) {
    for (int at = start; at <= body.length - pattern.length; at++) {
      if (body[at] == pattern[0] && startsWith(body, at, pattern)) {
        return at + pattern.length;
      }
    }
    throw malformed(problem);
  }

  private static boolean startsWith(byte[] body, int at, byte[] pattern) {
    return at + pattern.length <= body.length
        && Arrays.equals(body, at, at + pattern.length, pattern, 0, pattern.length);
  }

  private static ApiException malformed(String problem) {
    return ApiException.invalid(null, "the form cannot be read: " + problem);
  }

  private static ApiException twice(String name) {
    return ApiException.invalid(
        name.toLowerCase(Locale.ROOT), "the field is given more than once; one is needed");
  }
}

package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Image codes on disk: one JSON object with {@code rows}, {@code columns} and {@code codes}
 * (row-major, one per 8x8 pixels), what the picture made of them shows, and the request.
 *
 * @param format always {@link #FORMAT}
 * @param complete whether every row of the picture is there
 * @param panel what of the picture is the answer
 * @param request null if the codes come from a picture and not from a request
 */
record TokenFile(
    String format,
    int rows,
    int columns,
    boolean complete,
    String panel,
    RequestRecord request,
    int[] codes) {

  /** Names the layout; a new layout gets a new number. */
  static final String FORMAT = "lumina4j-tokens-1";

  /** 8 MiB hold the codes of a picture of 8192x8192 pixels. */
  private static final int MAX_BYTES = 64 << 20;

  static TokenFile of(ImageCodes codes, boolean complete, Panel panel, RequestRecord request) {
    return new TokenFile(
        FORMAT, codes.rows(), codes.columns(), complete, panel.id(), request, codes.values());
  }

  void write(Path file) {
    TextFiles.write(file, JsonText.of(this) + "\n");
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file cannot be read or is of another
   *     kind
   */
  static TokenFile read(Path file) {
    return parse(file, TextFiles.read(file, MAX_BYTES));
  }

  /** The same, where {@code -} stands for {@code in}. */
  static TokenFile read(Path file, InputStream in) {
    return StandardInput.is(file)
        ? parse(Path.of(StandardInput.TITLE), TextFiles.read(in, StandardInput.TITLE, MAX_BYTES))
        : read(file);
  }

  private static TokenFile parse(Path file, String text) {
    try {
      TokenFile tokens = JsonText.reader(TokenFile.class).readValue(text);
      if (tokens == null || !FORMAT.equals(tokens.format)) {
        throw unreadable(file, "its format is not " + FORMAT, null);
      }
      tokens.imageCodes();
      tokens.panelKind();
      return tokens;
    } catch (JsonProcessingException e) {
      throw unreadable(file, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage(), e);
    }
  }

  /**
   * The codes.
   *
   * @throws IllegalArgumentException if they do not fit the rows and columns, or one is negative
   */
  ImageCodes imageCodes() {
    if (codes == null) {
      throw new IllegalArgumentException("it has no codes");
    }
    for (int code : codes) {
      if (code < 0) {
        throw new IllegalArgumentException("a code is " + code);
      }
    }
    return new ImageCodes(rows, columns, codes);
  }

  /** What of the picture is the answer. */
  Panel panelKind() {
    return Panel.byId(panel);
  }

  private static LuminaException unreadable(Path file, String reason, Throwable cause) {
    return new LuminaException(ErrorCode.IO, file + ": not a token file: " + reason, cause);
  }
}

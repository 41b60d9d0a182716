package io.github.lumina4j.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The picture formats that can be read, and which of them can be written. */
public enum ImageFormat {
  /** Lossless; the one format that keeps text. */
  PNG(true, "png"),
  /** Lossy; written with a quality, without text. */
  JPEG(true, "jpg", "jpeg"),
  /** Read only. */
  WEBP(false, "webp"),
  /** Read only. */
  BMP(false, "bmp"),
  /** Read only; the first frame. */
  GIF(false, "gif"),
  /** Read only; the first page. */
  TIFF(false, "tiff", "tif");

  /** Bytes at the start of a file that {@link #of(byte[])} looks at. */
  static final int SIGNATURE_BYTES = 12;

  private final boolean writable;
  private final List<String> extensions;

  ImageFormat(boolean writable, String... extensions) {
    this.writable = writable;
    this.extensions = List.of(extensions);
  }

  /** Whether pictures of this format can be written. */
  public boolean writable() {
    return writable;
  }

  /** File name extensions in lower case without a dot, the usual one first. */
  public List<String> extensions() {
    return extensions;
  }

  /** The format that {@code file}'s extension names, in any case of letters. */
  public static Optional<ImageFormat> ofExtension(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(f -> f.extensions.contains(extension)).findFirst();
  }

  /** The format of a file that starts with {@code start}, by its signature. */
  static Optional<ImageFormat> of(byte[] start) {
    if (startsWith(start, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (startsWith(start, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (startsWith(start, 0, "RIFF") && startsWith(start, 8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (startsWith(start, 0, "GIF87a") || startsWith(start, 0, "GIF89a")) {
      return Optional.of(GIF);
    }
    if (startsWith(start, 0, "II*\0") || startsWith(start, 0, "MM\0*")) {
      return Optional.of(TIFF);
    }
    if (startsWith(start, 0, "BM")) {
      return Optional.of(BMP);
    }
    return Optional.empty();
  }

  /** The names of the formats that can be read, for messages. */
  static String readableNames() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** The extensions that can be written, for messages. */
  static String writableExtensions() {
    return Arrays.stream(values())
        .filter(ImageFormat::writable)
        .flatMap(f -> f.extensions.stream())
        .map(e -> "." + e)
        .collect(Collectors.joining(", "));
  }

  private static boolean startsWith(byte[] bytes, int offset, String latin1) {
    if (bytes.length < offset + latin1.length()) {
      return false;
    }
    for (int i = 0; i < latin1.length(); i++) {
      if ((bytes[offset + i] & 0xff) != latin1.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}

package io.github.lumina4j.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a file is that is not the one it should be: what hubs, proxies and half-finished downloads
 * leave in its place. The engine says the same of weights.
 */
public final class ForeignFile {
  private static final int LOOKED_AT = 512;
  private static final String HUB_FOLDER = "models--";

  private ForeignFile() {}

  /**
   * Such as "is a Git LFS pointer, not the file itself; fetch it with ...", for a file that should
   * be JSON; empty for nothing that is known, and for a file that cannot be read.
   */
  public static Optional<String> describe(Path file) {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LOOKED_AT);
    } catch (NoSuchFileException e) {
      return Files.isSymbolicLink(file)
          ? Optional.of(
              "is a link to a file that is not there, as an unfinished download leaves it; fetch it"
                  + " with `"
                  + pullCommand(file)
                  + "`")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
    String again = "; fetch it again, for example with `" + pullCommand(file) + "`";
    if (head.length == 0) {
      return Optional.of("is empty" + again);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u001f\u008b")) {
      return Optional.of("is a gzip archive; unpack it first");
    }
    if (text.startsWith("PK\u0003\u0004")) {
      return Optional.of("is a zip archive; unpack it first");
    }
    if (text.startsWith("ustar", 257)) {
      return Optional.of("is a tar archive; unpack it first");
    }
    String start =
        (text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("version https://git-lfs.github.com/spec/")) {
      return Optional.of(
          "is a Git LFS pointer, not the file itself; fetch it with `git lfs pull` or `"
              + pullCommand(file)
              + "`");
    }
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return Optional.of(
          "is a web page (HTML), not the file itself: a login or error page that was saved in its"
              + " place"
              + again);
    }
    if (start.startsWith("<?xml") || start.startsWith("<error")) {
      return Optional.of(
          "is an XML document, not the file itself: an error of the server that was saved in its"
              + " place"
              + again);
    }
    return Optional.empty();
  }

  /** {@code lumina pull ORG/NAME}, with the names if the file lies in a hub's cache. */
  private static String pullCommand(Path file) {
    for (Path part : file.toAbsolutePath()) {
      String name = part.toString();
      if (name.startsWith(HUB_FOLDER)) {
        return "lumina pull " + name.substring(HUB_FOLDER.length()).replaceFirst("--", "/");
      }
    }
    return "lumina pull ORG/NAME";
  }
}

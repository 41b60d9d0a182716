package io.github.lumina4j.hub;

import io.github.lumina4j.CheckpointException;
import java.util.regex.Pattern;

/**
 * Checks of names that become paths in the cache. What the server sends is believed no more than
 * what a user types: nothing may lead out of the cache folder.
 */
final class Names {
  /** The branch that is meant where none is named. */
  static final String MAIN = "main";

  private static final Pattern REVISION_PART = Pattern.compile("[A-Za-z0-9_.+-]{1,100}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  // Git's hash of a small file, or the SHA-256 of a large one.
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  // Printable ASCII that every file system takes.
  private static final Pattern FILE_PART = Pattern.compile("[ -~&&[^\\\\/:*?\"<>|]]{1,200}");
  private static final int LONGEST_PATH = 1000;

  private Names() {}

  /**
   * A revision a user named.
   *
   * @throws IllegalArgumentException if no branch, tag or commit can be called so
   */
  static String revision(String text) {
    for (String part : text.split("/", -1)) {
      if (!REVISION_PART.matcher(part).matches() || dots(part)) {
        throw new IllegalArgumentException("'" + text + "' cannot be the name of a revision");
      }
    }
    return text;
  }

  /**
   * A file's path in its repository.
   *
   * @throws CheckpointException if it does not lie below the repository, or has characters that
   *     paths should not have
   */
  static String file(String path) {
    boolean allowed = path.length() <= LONGEST_PATH;
    for (String part : path.split("/", -1)) {
      allowed &= FILE_PART.matcher(part).matches() && !dots(part);
    }
    if (!allowed) {
      throw new CheckpointException(
          "the repository has a file with the name '" + path + "', which is refused");
    }
    return path;
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  static boolean isHash(String text) {
    return HASH.matcher(text).matches();
  }

  private static boolean dots(String part) {
    return part.equals(".") || part.equals("..");
  }
}

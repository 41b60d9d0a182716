package io.github.lumina4j.model;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The user's folder for things that can be made or fetched again. Every cache of this library
 * follows the same rule; {@code ci/env.sh} has it for the scripts.
 */
public final class CacheFolder {
  private static final String DEFAULT_TEMPORARY = "/tmp"; // of Java on Linux, whatever TMPDIR says
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private CacheFolder() {}

  /** The folder of this process; see {@link #of(Map)}. */
  public static Path path() {
    return of(System.getenv());
  }

  /**
   * {@code LUMINA_CACHE}, else {@code lumina4j} below the user's folder for caches; an empty
   * variable counts as none. The folder need not exist.
   *
   * @param variables of the environment
   * @throws LuminaException with {@link ErrorCode#IO} as {@link #ofUser}
   */
  public static Path of(Map<String, String> variables) {
    String own = variables.getOrDefault("LUMINA_CACHE", "");
    return own.isEmpty() ? ofUser(variables).resolve("lumina4j") : Path.of(own);
  }

  /**
   * The user's folder for the caches of all programs: {@code XDG_CACHE_HOME}, else {@code .cache}
   * below {@code HOME}, else below what Java takes for the home folder, the first of the two that
   * can be written; else a folder for this user alone below {@code TMPDIR} or Java's folder for
   * temporary files, which is made. An empty variable counts as none.
   *
   * @param variables of the environment
   * @throws LuminaException with {@link ErrorCode#IO} if that last folder cannot be made, or is
   *     somebody else's
   */
  public static Path ofUser(Map<String, String> variables) {
    return ofUser(
        variables,
        System.getProperty("user.home", ""),
        Path.of(System.getProperty("java.io.tmpdir", DEFAULT_TEMPORARY)));
  }

  static Path ofUser(Map<String, String> variables, String javaHome, Path javaTemporary) {
    String chosen = variables.getOrDefault("XDG_CACHE_HOME", "");
    if (!chosen.isEmpty()) {
      return Path.of(chosen);
    }
    for (String home : new String[] {variables.getOrDefault("HOME", ""), javaHome}) {
      // Java calls the home of a user without an entry in passwd "?".
      if (!home.isEmpty() && !home.equals("?") && canBeWritten(Path.of(home, ".cache"))) {
        return Path.of(home, ".cache");
      }
    }
    String temporary = variables.getOrDefault("TMPDIR", "");
    boolean byVariable = !temporary.isEmpty() && javaTemporary.equals(Path.of(DEFAULT_TEMPORARY));
    return ofUserBelow(byVariable ? Path.of(temporary) : javaTemporary);
  }

  /** Whether files can be made in {@code folder}, which need not exist. */
  public static boolean canBeWritten(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    return Files.isDirectory(there) && Files.isWritable(there) && Files.isExecutable(there);
  }

  private static Path ofUserBelow(Path temporary) {
    String user = userId();
    Path folder = temporary.resolve("lumina4j-" + user);
    try {
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } catch (FileAlreadyExistsException e) {
        // Made by an earlier run: looked at below.
      } catch (UnsupportedOperationException e) {
        Files.createDirectories(folder); // a system without such permissions
        return folder;
      }
      // Whoever may write to the temporary folder could have put it there.
      boolean ours =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && user.equals(owner(folder))
              && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                  .equals(OWNER_ONLY);
      if (ours) {
        return folder;
      }
    } catch (IOException e) {
      throw none("the cache folder " + folder + " cannot be made: " + SafetensorsFile.reason(e), e);
    }
    throw none("the cache folder " + folder + " is not this user's alone", null);
  }

  private static LuminaException none(String reason, IOException cause) {
    return new LuminaException(
        ErrorCode.IO,
        "there is no home folder that can be written, and "
            + reason
            + "; set LUMINA_CACHE to a folder for files that can be made again",
        cause);
  }

  /** The number of this user, or the name where the system has no numbers. */
  private static String userId() {
    try {
      // A link, whose own owner is root.
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    }
  }

  private static String owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).toString();
  }
}

package io.github.lumina4j.model;

import java.nio.file.Path;
import java.util.Map;

/** The user's folder for things that can be made or fetched again. */
public final class CacheFolder {
  private CacheFolder() {}

  /** The folder of this process; see {@link #of(Map)}. */
  public static Path path() {
    return of(System.getenv());
  }

  /**
   * {@code LUMINA_CACHE}, else {@code lumina4j} below {@code XDG_CACHE_HOME}, else below {@code
   * ~/.cache}; an empty variable counts as none. The folder need not exist.
   *
   * @param variables of the environment
   */
  public static Path of(Map<String, String> variables) {
    String own = variables.getOrDefault("LUMINA_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String user = variables.getOrDefault("XDG_CACHE_HOME", "");
    Path base = user.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(user);
    return base.resolve("lumina4j");
  }
}

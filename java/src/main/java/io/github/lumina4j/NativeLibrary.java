package io.github.lumina4j;

import io.github.lumina4j.internal.Natives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The native library of this process.
 *
 * @param version of the engine
 * @param file it was loaded from
 * @param libtorch the file of the libtorch that it uses; empty where the system does not tell
 */
public record NativeLibrary(String version, String file, Optional<String> libtorch) {
  // Every file that is mapped into this process, one per line, the path last.
  private static final Path MAPS = Path.of("/proc/self/maps");

  /**
   * Loads the library if that has not happened yet, and tells about it.
   *
   * @throws DeviceException if it cannot be loaded
   */
  public static NativeLibrary load() {
    String version = Natives.version();
    return new NativeLibrary(version, Natives.file(), mapped("libtorch_cpu."));
  }

  private static Optional<String> mapped(String name) {
    // Latin-1: a path of another charset must not end the search.
    try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.contains("/") && line.contains(name))
          .map(line -> line.substring(line.indexOf('/')))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

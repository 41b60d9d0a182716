package io.github.lumina4j;

import io.github.lumina4j.internal.Natives;
import io.github.lumina4j.internal.ProcessMaps;
import java.util.Optional;

/**
 * The native library of this process.
 *
 * @param version of the engine
 * @param file it was loaded from
 * @param libtorch the file of the libtorch that it uses; empty where the system does not tell
 */
public record NativeLibrary(String version, String file, Optional<String> libtorch) {
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
    return ProcessMaps.lines().stream()
        .filter(line -> line.contains("/") && line.contains(name))
        .map(line -> line.substring(line.indexOf('/')))
        .findFirst();
  }
}

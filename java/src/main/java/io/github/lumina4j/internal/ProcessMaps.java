package io.github.lumina4j.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Every file that is mapped into this process. */
public final class ProcessMaps {
  private static final Path MAPS = Path.of("/proc/self/maps");

  private ProcessMaps() {}

  /** One mapping a line, the path last; none where the system does not tell. */
  public static List<String> lines() {
    // Latin-1: a path of another charset must not end the search.
    try {
      return Files.readAllLines(MAPS, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}

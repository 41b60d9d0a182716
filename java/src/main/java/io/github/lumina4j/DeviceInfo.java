package io.github.lumina4j;

import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.Natives;
import java.util.List;

/**
 * A device of this machine.
 *
 * @param name to use as {@link Device#name}
 * @param description what it is
 * @param cores threads that are used unless others are asked for, 0 where unknown
 * @param coresNote what decided that number, if fewer than the machine has; empty otherwise
 * @param instructionSets what the kernels may use
 * @param memoryBytes all of its memory, 0 where unknown
 * @param availableBytes what may still be allocated, 0 where unknown
 * @param usable whether a pipeline can run there
 * @param note why not, or empty
 */
public record DeviceInfo(
    String name,
    String description,
    int cores,
    String coresNote,
    List<String> instructionSets,
    long memoryBytes,
    long availableBytes,
    boolean usable,
    String note) {

  public DeviceInfo {
    coresNote = coresNote == null ? "" : coresNote;
    instructionSets = instructionSets == null ? List.of() : List.copyOf(instructionSets);
  }

  /** All devices that were looked for, usable or not. */
  public static List<DeviceInfo> all() {
    return Json.readList(Natives.devices(), DeviceInfo.class);
  }
}

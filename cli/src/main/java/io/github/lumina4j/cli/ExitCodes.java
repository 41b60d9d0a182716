package io.github.lumina4j.cli;

import io.github.lumina4j.LuminaException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ParameterException;

/** The exit codes of the program, and which failure gives which. */
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int CHECKPOINT = 3;
  static final int DEVICE = 4;
  static final int OUT_OF_MEMORY = 5;
  static final int CANCELLED = 130;

  private ExitCodes() {}

  /** Code to meaning, as the help shows them. */
  static Map<String, String> meanings() {
    Map<String, String> meanings = new LinkedHashMap<>();
    meanings.put(" " + DONE, "done");
    meanings.put(" " + FAILED, "failed");
    meanings.put(" " + USAGE, "wrong usage, or a request that cannot be served");
    meanings.put(" " + CHECKPOINT, "the checkpoint is missing, damaged or of another model");
    meanings.put(" " + DEVICE, "the native library or the device cannot be used");
    meanings.put(" " + OUT_OF_MEMORY, "out of memory");
    meanings.put(String.valueOf(CANCELLED), "cancelled");
    return meanings;
  }

  /** The code for a failure; an argument that a request refuses is wrong usage. */
  static int of(Throwable failure) {
    if (failure instanceof LuminaException lumina) {
      return switch (lumina.code()) {
        case INVALID_ARGUMENT -> USAGE;
        case CHECKPOINT -> CHECKPOINT;
        case DEVICE -> DEVICE;
        case OUT_OF_MEMORY -> OUT_OF_MEMORY;
        case CANCELLED -> CANCELLED;
        default -> FAILED;
      };
    }
    if (failure instanceof ParameterException || failure instanceof IllegalArgumentException) {
      return USAGE;
    }
    return failure instanceof OutOfMemoryError ? OUT_OF_MEMORY : FAILED;
  }
}

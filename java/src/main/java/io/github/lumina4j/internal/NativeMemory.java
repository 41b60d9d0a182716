package io.github.lumina4j.internal;

import io.github.lumina4j.OutOfMemoryException;
import java.util.Locale;

/**
 * Memory outside the Java heap. JavaCPP refuses every allocation once the process takes more than
 * four times the heap, which a model does by itself; here the engine checks what fits, so that
 * limit is off unless the application sets it. Its other limit, maxBytes, stays: it counts what
 * Java code allocates through JavaCPP, which here are a few small objects.
 */
final class NativeMemory {
  private static final String LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private NativeMemory() {}

  /** To be called before anything of JavaCPP is used: it reads its properties once. */
  static void configure() {
    // JavaCPP also knows the name in lower case.
    if (System.getProperty(LIMIT) == null
        && System.getProperty(LIMIT.toLowerCase(Locale.ROOT)) == null) {
      System.setProperty(LIMIT, "0");
    }
  }

  /** Tells a limit of JavaCPP from a Java heap that is full; throws the latter as it is. */
  static OutOfMemoryException explain(OutOfMemoryError failure) {
    String message = String.valueOf(failure.getMessage());
    if (!message.contains("hysicalBytes") && !message.contains("maxBytes")) {
      throw failure;
    }
    return new OutOfMemoryException(
        "JavaCPP refuses native memory by a limit of its own, which is neither the machine's nor the"
            + " Java heap's: "
            + message
            + "; -D"
            + LIMIT
            + "=0 lifts it",
        failure);
  }
}

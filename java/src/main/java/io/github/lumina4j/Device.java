package io.github.lumina4j;

import java.util.Objects;

/**
 * Where the model runs, by the engine's name for it. The engine is the authority: an unknown name
 * is refused when a pipeline opens.
 */
public record Device(String name) {
  /** The processor. */
  public static final Device CPU = new Device("cpu");

  public Device {
    Objects.requireNonNull(name, "name");
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Everything a command takes from the world outside its arguments; a test gives its own.
 *
 * @param variables environment variables
 * @param in standard input
 * @param terminal where standard error leads
 * @param backend the library
 * @param seeds a seed for a request that names none
 * @param cancellation stops the running command
 * @param patience takes how long the running command may need to stop
 * @param interrupts lets a command answer Ctrl-C itself
 */
record Environment(
    Map<String, String> variables,
    InputStream in,
    Terminal terminal,
    Backend backend,
    LongSupplier seeds,
    CancellationToken cancellation,
    Consumer<Duration> patience,
    Interrupts interrupts) {

  /** The variable's value, empty if it is not set. */
  String variable(String name) {
    return variables.getOrDefault(name, "");
  }
}

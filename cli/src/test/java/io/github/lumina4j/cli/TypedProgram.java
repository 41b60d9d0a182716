package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import java.io.FileDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** The program as a process on a real terminal, with a fake model. */
final class TypedProgram {
  private TypedProgram() {}

  /** What is called slow takes its time, for somebody to press Ctrl-C. */
  private static void pause(String prompt) {
    if (prompt.equals("slow")) {
      try {
        Thread.sleep(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The first argument is a folder for the model. */
  public static void main(String[] args) {
    Path model = FakeBackend.checkpoint(Path.of(args[0]));
    CancellationToken cancellation = new CancellationToken();
    FakeBackend backend = new FakeBackend();
    backend.afterRow = row -> pause(backend.requests.get(backend.requests.size() - 1).prompt());
    Environment environment =
        new Environment(
            Map.of("LUMINA_MODEL", model.toString(), "LUMINA_CACHE", args[0] + "-cache"),
            System.in,
            Terminal.ofStandardStreams(),
            backend,
            () -> 7,
            cancellation,
            (Duration limit) -> {},
            new SignalInterrupts());
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    System.exit(
        LuminaCommand.run(
            environment,
            StandardStream.of(FileDescriptor.out),
            StandardStream.of(FileDescriptor.err).writer(),
            rest));
  }
}

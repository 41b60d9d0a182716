package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import java.io.FileDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The program as a process on a real terminal, with a fake model. */
final class TypedProgram {
  private TypedProgram() {}

  /** The first argument is a folder for the model. */
  public static void main(String[] args) {
    Path model = FakeBackend.checkpoint(Path.of(args[0]));
    CancellationToken cancellation = new CancellationToken();
    Environment environment =
        new Environment(
            Map.of("LUMINA_MODEL", model.toString(), "LUMINA_CACHE", args[0] + "-cache"),
            System.in,
            Terminal.ofStandardStreams(),
            new FakeBackend(),
            () -> 7,
            cancellation,
            (Duration limit) -> {},
            new SignalInterrupts());
    String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
    System.exit(
        LuminaCommand.run(
            environment,
            StandardStream.of(FileDescriptor.out),
            StandardStream.of(FileDescriptor.err).writer(),
            rest));
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The program with everything outside it under a test's control. */
final class Program {
  /** Ctrl-C that a test presses. */
  static final class FakeInterrupts implements Interrupts {
    Runnable action;
    boolean ended;

    @Override
    public Held hold(Runnable run) {
      action = run;
      return () -> action = null;
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  /** What the program left behind. */
  record Result(int code, String out, String err) {}

  /** The seed that stands in for a random one. */
  static final long CHOSEN_SEED = 4242;

  final Map<String, String> variables = new HashMap<>();
  final CancellationToken cancellation = new CancellationToken();
  final Backend backend;
  final List<Duration> patience = new ArrayList<>();
  final FakeInterrupts interrupts = new FakeInterrupts();
  InputStream input; // in place of the bytes of in, if not null
  byte[] in = {};
  Terminal terminal = Terminal.NONE;

  Program(Backend backend) {
    this.backend = backend;
  }

  /** Standard input from now on. */
  Program input(String text) {
    in = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** Runs the program to its end. */
  Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int code = LuminaCommand.run(environment(), StandardStream.of(out), new PrintWriter(err), args);
    return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  Environment environment() {
    return new Environment(
        variables,
        input == null ? new ByteArrayInputStream(in) : input,
        terminal,
        backend,
        () -> CHOSEN_SEED,
        cancellation,
        patience::add,
        interrupts);
  }
}

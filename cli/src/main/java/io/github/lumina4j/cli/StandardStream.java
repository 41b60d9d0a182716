package io.github.lumina4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A standard stream as UTF-8 whatever the locale says, which remembers why it failed: {@link
 * PrintWriter} forgets that. A reader that has heard enough ({@code lumina tasks | head -1}) is no
 * failure; a full disk is.
 */
final class StandardStream extends OutputStream {
  private final OutputStream target;
  private final boolean terminal;
  private IOException failure;

  private StandardStream(OutputStream target, boolean terminal) {
    this.target = target;
    this.terminal = terminal;
  }

  static StandardStream of(FileDescriptor descriptor) {
    boolean terminal = StandardInput.isTerminal(descriptor == FileDescriptor.out ? 1 : 2);
    return new StandardStream(new FileOutputStream(descriptor), terminal);
  }

  static StandardStream of(OutputStream target) {
    return new StandardStream(target, false);
  }

  /** Writes to this stream; flush it before asking for {@link #failure}. */
  PrintWriter writer() {
    return new Printer(this);
  }

  /** A writer that knows its stream, to which a picture may go as well. */
  static final class Printer extends PrintWriter {
    private final StandardStream stream;

    private Printer(StandardStream stream) {
      super(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
      this.stream = stream;
    }

    StandardStream stream() {
      return stream;
    }
  }

  /** Whether it leads to a terminal. */
  boolean terminal() {
    return terminal;
  }

  /** Why writing failed; null if it did not, or if nobody was reading any more. */
  String failure() {
    if (failure == null) {
      return null;
    }
    String reason = TextFiles.reason(failure);
    return reason.toLowerCase(Locale.ROOT).contains("broken pipe") ? null : reason;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }
}

package io.github.lumina4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.AggregateCompleter;
import org.jline.reader.impl.completer.ArgumentCompleter;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** Where the lines of a conversation come from: a keyboard, or any other stream. */
interface Lines extends AutoCloseable {
  /**
   * The next line, empty if it was given up; null at the end.
   *
   * @param prompt shown before it where somebody types
   */
  String read(String prompt) throws IOException;

  /** Whether somebody sits there who can be asked. */
  boolean asks();

  /** From any thread: a line that is being typed is given up. */
  void giveUp();

  @Override
  void close() throws IOException;

  /**
   * The lines of a command.
   *
   * @param first words that begin a line, for completion
   * @param options that follow {@code set}
   * @param interrupted what Ctrl-C does; while lines are plain, that is up to the signal's handler
   */
  static Lines of(Command command, List<String> first, List<String> options, Runnable interrupted) {
    Terminal terminal = command.environment().terminal();
    if (terminal.interactive() && terminal.keyboard()) {
      try {
        return new Typed(terminal, first, options, interrupted);
      } catch (IOException | IllegalStateException e) {
        command.note("no line editing here: " + Failures.oneLine(String.valueOf(e.getMessage())));
      }
    }
    return new Plain(command);
  }

  /** Lines as they come. */
  final class Plain implements Lines {
    private final Command command;
    private final BufferedReader reader;

    Plain(Command command) {
      this.command = command;
      reader =
          new BufferedReader(
              new InputStreamReader(command.environment().in(), StandardCharsets.UTF_8));
    }

    @Override
    public String read(String prompt) throws IOException {
      if (command.environment().terminal().interactive() && !command.report().quiet()) {
        command.err().print(prompt);
        command.err().flush();
      }
      return reader.readLine();
    }

    @Override
    public boolean asks() {
      return false;
    }

    @Override
    public void giveUp() {}

    @Override
    public void close() {}
  }

  /**
   * Lines with editing, history and completion. The library takes Ctrl-C and changes of the window
   * over when it reads first, and hands on what it has no use for.
   */
  final class Typed implements Lines {
    private final Terminal window;
    private final Runnable interrupted;
    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;
    private volatile boolean reading;

    Typed(Terminal window, List<String> first, List<String> options, Runnable interrupted)
        throws IOException {
      this.window = window;
      this.interrupted = interrupted;
      // By stty alone, without native code.
      terminal =
          TerminalBuilder.builder()
              .system(true)
              .systemOutput(TerminalBuilder.SystemOutput.SysErr)
              .exec(true)
              .jni(false)
              .ffm(false)
              .jna(false)
              .jansi(false)
              .dumb(false)
              .nativeSignals(false)
              .signalHandler(this::handle)
              .encoding(StandardCharsets.UTF_8)
              .build();
      if (terminal.getWidth() <= 0) {
        terminal.setSize(new Size(80, 24)); // a line that does not know its width
      }
      DefaultParser parser = new DefaultParser();
      parser.setQuoteChars(new char[0]);
      parser.setEscapeChars(new char[0]);
      reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .parser(parser)
              .completer(
                  new AggregateCompleter(
                      new ArgumentCompleter(new StringsCompleter(first), NullCompleter.INSTANCE),
                      new ArgumentCompleter(
                          new StringsCompleter("set"),
                          new StringsCompleter(options),
                          NullCompleter.INSTANCE)))
              // An instruction may hold an exclamation mark.
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
    }

    @Override
    public String read(String prompt) {
      reading = true;
      try {
        return reader.readLine(prompt);
      } catch (UserInterruptException e) {
        reading = false;
        interrupted.run();
        return "";
      } catch (EndOfFileException e) {
        return null;
      } finally {
        reading = false;
        window.watch();
      }
    }

    /** Between lines. */
    private void handle(Signal signal) {
      if (signal == Signal.INT) {
        interrupted.run();
      }
    }

    @Override
    public boolean asks() {
      return true;
    }

    @Override
    public void giveUp() {
      if (reading) {
        terminal.raise(Signal.INT);
      }
    }

    @Override
    public void close() throws IOException {
      terminal.close();
    }
  }
}

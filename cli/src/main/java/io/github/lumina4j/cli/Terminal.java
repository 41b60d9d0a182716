package io.github.lumina4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jline.utils.Signals;

/**
 * Where standard error and standard input lead. {@link System#console} tells of standard input and
 * output only, so the open files are looked at by their names under /proc.
 *
 * @param interactive whether standard error is a terminal that understands a carriage return
 * @param keyboard whether standard input is one, too
 * @param width its width in characters, now: a window may change
 */
record Terminal(boolean interactive, boolean keyboard, IntSupplier width) {
  /** A file, a pipe or nothing. */
  static final Terminal NONE = new Terminal(false, 80);

  private static final int USUAL_COLUMNS = 80;
  private static final Path FILES = Path.of("/proc/self/fd");

  /** A terminal that nobody types on. */
  Terminal(boolean interactive, int columns) {
    this(interactive, false, () -> columns);
  }

  /** The terminal behind the standard streams, if there is one. */
  static Terminal ofStandardStreams() {
    try {
      Path device = Files.readSymbolicLink(FILES.resolve("2"));
      if (!isTerminal(device) || "dumb".equals(System.getenv("TERM"))) {
        return NONE;
      }
      boolean keyboard = isTerminal(Files.readSymbolicLink(FILES.resolve("0")));
      return new Terminal(true, keyboard, new Window(device.toFile()));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return NONE;
    }
  }

  private static boolean isTerminal(Path device) {
    return device.startsWith("/dev/pts")
        || device.startsWith("/dev/console")
        || device.toString().startsWith("/dev/tty");
  }

  /** From now on changes of the window are noticed, whoever wanted to hear of them meanwhile. */
  void watch() {
    if (width instanceof Window window) {
      window.watch();
    }
  }

  /** Its width in characters. */
  int columns() {
    return width.getAsInt();
  }

  /** A window, which is asked for its width again when the system says that it has changed. */
  private static final class Window implements IntSupplier {
    private final File device;
    private volatile boolean changed = true;
    private volatile int columns;

    Window(File device) {
      this.device = device;
      watch();
    }

    void watch() {
      changed = true;
      Signals.register("WINCH", () -> changed = true);
    }

    @Override
    public int getAsInt() {
      if (changed) {
        changed = false;
        columns = ask();
      }
      return columns;
    }

    /** The width as {@code stty} tells it. */
    private int ask() {
      try {
        Process stty =
            new ProcessBuilder("stty", "size")
                .redirectInput(device)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        stty.waitFor(1, TimeUnit.SECONDS);
        int told = Integer.parseInt(answer.strip().replaceFirst(".* ", ""));
        return told > 0 ? told : USUAL_COLUMNS;
      } catch (IOException | NumberFormatException e) {
        return USUAL_COLUMNS;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return USUAL_COLUMNS;
      }
    }
  }
}

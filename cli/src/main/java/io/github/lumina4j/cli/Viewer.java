package io.github.lumina4j.cli;

import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shows a picture that was written: in the terminal if that can show pictures, else with the
 * desktop's own program. A picture that cannot be shown is no failure.
 */
final class Viewer {
  /** How pictures go to a terminal. */
  enum Protocol {
    KITTY,
    ITERM2
  }

  private static final int KITTY_CHUNK = 4096;
  private static final String ESCAPE = "\033";
  private static final String DESKTOP = "xdg-open";

  private static final Map<String, Protocol> PROGRAMS =
      Map.of(
          "iTerm.app", Protocol.ITERM2,
          "WezTerm", Protocol.ITERM2,
          "mintty", Protocol.ITERM2,
          "ghostty", Protocol.KITTY);

  private static final Set<String> KITTY_TERMS = Set.of("xterm-kitty", "xterm-ghostty");

  private final Command command;

  Viewer(Command command) {
    this.command = command;
  }

  /** Shows the picture in {@code file}. */
  void show(Path file) {
    Environment environment = command.environment();
    Optional<Protocol> protocol =
        environment.terminal().interactive() ? protocol(environment) : Optional.empty();
    try {
      if (protocol.isPresent()) {
        draw(command.err(), ImageFiles.read(file), protocol.get());
      } else {
        open(file);
      }
    } catch (LuminaException | IOException e) {
      command.note("cannot show " + file + ": " + e.getMessage());
    }
  }

  /** What the terminal understands. Within tmux and screen pictures do not get through. */
  private static Optional<Protocol> protocol(Environment environment) {
    String term = environment.variable("TERM");
    if (!environment.variable("TMUX").isEmpty()
        || term.startsWith("screen")
        || term.startsWith("tmux")) {
      return Optional.empty();
    }
    if (KITTY_TERMS.contains(term) || !environment.variable("KITTY_WINDOW_ID").isEmpty()) {
      return Optional.of(Protocol.KITTY);
    }
    return Optional.ofNullable(PROGRAMS.get(environment.variable("TERM_PROGRAM")));
  }

  private static void draw(PrintWriter terminal, RgbImage picture, Protocol protocol) {
    byte[] png = ImageFiles.encode(picture, ImageFormat.PNG, WriteOptions.DEFAULT);
    String data = Base64.getEncoder().encodeToString(png);
    switch (protocol) {
      case KITTY -> {
        for (int from = 0; from < data.length(); from += KITTY_CHUNK) {
          int to = Math.min(from + KITTY_CHUNK, data.length());
          // A PNG picture, shown at once, without an answer; m says whether more follows.
          terminal.print(
              ESCAPE
                  + "_G"
                  + (from == 0 ? "f=100,a=T,q=2," : "")
                  + ("m=" + (to < data.length() ? 1 : 0) + ";")
                  + data.substring(from, to)
                  + (ESCAPE + "\\"));
        }
      }
      case ITERM2 ->
          terminal.print(ESCAPE + "]1337;File=inline=1;size=" + png.length + ":" + data + "\007");
    }
    terminal.println();
    terminal.flush();
  }

  private void open(Path file) throws IOException {
    Environment environment = command.environment();
    if (environment.variable("DISPLAY").isEmpty()
        && environment.variable("WAYLAND_DISPLAY").isEmpty()) {
      command.note(
          "cannot show "
              + file
              + ": this terminal shows no pictures (kitty, Ghostty, iTerm2 and WezTerm do), and"
              + " there is no display");
      return;
    }
    File program = program(environment.variable("PATH"));
    if (program == null) {
      command.note("cannot show " + file + ": " + DESKTOP + " is not installed");
      return;
    }
    new ProcessBuilder(program.toString(), file.toAbsolutePath().toString())
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static File program(String path) {
    for (String folder : path.split(File.pathSeparator)) {
      File file = new File(folder, DESKTOP);
      if (!folder.isEmpty() && file.canExecute()) {
        return file;
      }
    }
    return null;
  }
}

package io.github.lumina4j.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Whether pictures are shown when they are written. */
final class OpenOption {
  @Option(
      names = "--open",
      description =
          "Show the picture: in the terminal if it can (kitty, Ghostty, iTerm2, WezTerm), else with"
              + " the desktop's program for pictures.")
  private boolean open;

  boolean wanted() {
    return open;
  }

  /** Shows a picture that was written, if that is wanted. */
  void show(Command command, Path file) {
    if (open) {
      new Viewer(command).show(file);
    }
  }
}

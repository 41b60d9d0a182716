package io.github.lumina4j.cli;

import io.github.lumina4j.PipelineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows on a terminal that a model is being loaded, for how long, and how large it is. */
final class LoadingDisplay implements AutoCloseable {
  private final Bar bar; // null where nothing is shown

  private LoadingDisplay(Bar bar) {
    this.bar = bar;
  }

  static LoadingDisplay of(Command command, PipelineOptions options) {
    Terminal terminal = command.environment().terminal();
    if (!terminal.interactive() || command.report().quiet()) {
      return new LoadingDisplay(null);
    }
    Bar bar = new Bar(command.err(), terminal, "loading", "");
    long bytes =
        options.model().map(LoadingDisplay::weights).orElse(0L)
            + options.imageTokenizer().map(LoadingDisplay::size).orElse(0L);
    bar.show(0, 0, -1, bytes > 0 ? Units.bytes(bytes) : "");
    return new LoadingDisplay(bar);
  }

  private static long weights(Path folder) {
    return LoadedFiles.weights(folder).stream().mapToLong(LoadingDisplay::size).sum();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // whoever loads it says what is wrong
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.remove();
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.Task;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the prompt comes from. */
final class PromptOptions {
  /** Far beyond what a model can take in, and small enough to read at once. */
  private static final int MAX_BYTES = 1 << 20;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The prompt; may also be given without an option.")
  private String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "Read the prompt from a UTF-8 file; - is standard input.")
  private String file;

  /**
   * The prompt; empty if none is given and the task does not require one.
   *
   * @param positional the prompt given without an option, or null
   * @param in standard input, for a prompt of {@code -}, or none at all in a pipe
   * @param inputTaken whether standard input was read for something else
   * @throws IllegalArgumentException if it is given more than once, missing, or holds a NUL
   */
  String resolve(Task task, String positional, InputStream in, boolean inputTaken) {
    List<String> ways = new ArrayList<>();
    addIf(ways, positional != null, "PROMPT");
    addIf(ways, prompt != null, "--prompt");
    addIf(ways, file != null, "--prompt-file");
    if (ways.size() > 1) {
      throw new IllegalArgumentException(
          "the prompt is given more than once: " + String.join(", ", ways));
    }
    String text = file != null ? read(in) : prompt != null ? prompt : positional;
    if (StandardInput.NAME.equals(text) && file == null) {
      text = readStandardInput(in);
    } else if (text == null
        && task.prompt() == Task.Need.REQUIRED
        && !StandardInput.isTyped(in)
        && !inputTaken) {
      String piped = readStandardInput(in);
      text = piped.isBlank() ? null : piped;
    }
    if (text == null && task.prompt() == Task.Need.REQUIRED) {
      throw new IllegalArgumentException(
          "no prompt given: write it as an argument, or use --prompt or --prompt-file");
    }
    return text == null ? "" : checked(text);
  }

  /** Whether there is one by an option. */
  boolean given() {
    return prompt != null || file != null;
  }

  private String read(InputStream in) {
    return file.equals(StandardInput.NAME)
        ? readStandardInput(in)
        : bare(TextFiles.read(Path.of(file), MAX_BYTES));
  }

  private static String readStandardInput(InputStream in) {
    return bare(TextFiles.read(in, StandardInput.TITLE, MAX_BYTES));
  }

  /** Editors put a mark before and a line end behind what the user wrote. */
  private static String bare(String text) {
    return text.replaceFirst("^\uFEFF", "").replaceFirst("\\R\\z", "");
  }

  private static String checked(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the prompt holds a NUL character");
    }
    return text;
  }

  private static void addIf(List<String> ways, boolean given, String name) {
    if (given) {
      ways.add(name);
    }
  }
}

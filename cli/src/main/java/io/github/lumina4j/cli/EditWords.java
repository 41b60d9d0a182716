package io.github.lumina4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a line of a conversation means. */
final class EditWords {
  /** What to do. */
  enum Kind {
    NOTHING,
    HELP,
    QUIT,
    UNDO,
    /** The argument is a file, or null. */
    SAVE,
    SHOW,
    /** The argument is an option, a space and a value. */
    SET,
    /** The argument is an instruction. */
    EDIT,
    /** The argument is a line that may be meant as a command, but is none. */
    UNKNOWN
  }

  record Line(Kind kind, String argument) {}

  /** What begins a line, for completion. */
  static final List<String> COMMANDS =
      List.of("help", "undo", "save", "set", "show", "quit", "exit", "bye");

  static final List<String> HELP =
      List.of(
          "any other line       an instruction; the picture is edited and written",
          "undo                 take the last instruction back",
          "save [FILE]          write the picture as it is now",
          "show                 the picture and all options",
          "set OPTION VALUE     change an option, such as cfg, temperature or seed; default resets"
              + " it",
          "!TEXT                TEXT is an instruction, whatever it looks like",
          "help                 this",
          "quit, exit, bye      end; so does Ctrl-D. Ctrl-C stops the picture that is drawn");

  // With an extension, so that "save the cat from the tree" is an instruction.
  private static final Pattern SAVE =
      Pattern.compile("(?i:save)(?: +(\\S.*\\.(?i:png|jpe?g)|\\S+))?");
  private static final Pattern SET = Pattern.compile("(?i:set) +(\\S+)(?: +|=| *= *)(\\S+)");
  private static final Pattern INSTRUCTION = Pattern.compile("! *(\\S.*)");
  private static final Pattern PICTURE = Pattern.compile(".*\\.(?i:png|jpe?g)");
  private static final Pattern WORD = Pattern.compile("[/:\\\\]?[\\p{L}?!_-]+");

  /** Of other programs of this kind; none is an instruction of one word. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "abort",
          "back",
          "cancel",
          "clear",
          "close",
          "cls",
          "commands",
          "config",
          "end",
          "export",
          "history",
          "info",
          "list",
          "load",
          "logout",
          "ls",
          "man",
          "menu",
          "next",
          "open",
          "options",
          "print",
          "q",
          "redo",
          "reload",
          "reset",
          "restart",
          "retry",
          "revert",
          "seed",
          "settings",
          "size",
          "status",
          "stop",
          "usage",
          "version",
          "wq",
          "write");

  private EditWords() {}

  static Line of(String text) {
    String line = text.strip();
    // As Ollama and others have it.
    String command = line.startsWith("/") ? line.substring(1) : line;
    switch (command.toLowerCase(Locale.ROOT)) {
      case "":
        return new Line(line.isEmpty() ? Kind.NOTHING : Kind.UNKNOWN, line);
      case "help", "?":
        return new Line(Kind.HELP, null);
      case "quit", "exit", "bye":
        return new Line(Kind.QUIT, null);
      case "undo":
        return new Line(Kind.UNDO, null);
      case "show", "set":
        return new Line(Kind.SHOW, null);
      default:
        break;
    }
    Matcher save = SAVE.matcher(command);
    if (save.matches()) {
      String name = save.group(1);
      return new Line(
          Kind.SAVE, name == null || PICTURE.matcher(name).matches() ? name : name + ".png");
    }
    Matcher set = SET.matcher(command);
    if (set.matches()) {
      return new Line(Kind.SET, set.group(1) + " " + set.group(2));
    }
    Matcher draw = INSTRUCTION.matcher(line);
    if (draw.matches()) {
      return new Line(Kind.EDIT, draw.group(1));
    }
    return new Line(looksLikeCommand(line) ? Kind.UNKNOWN : Kind.EDIT, line);
  }

  /** One word that is a command elsewhere, or nearly one here. */
  private static boolean looksLikeCommand(String line) {
    if (line.matches("[/:\\\\]\\S.*")) {
      return true;
    }
    if (!WORD.matcher(line).matches()) {
      return false;
    }
    String word = line.toLowerCase(Locale.ROOT);
    return ELSEWHERE.contains(word) || similar(word).isPresent();
  }

  /** The command that a word nearly is. */
  static Optional<String> similar(String word) {
    String plain = word.toLowerCase(Locale.ROOT).replaceFirst("^[/:\\\\]", "");
    return COMMANDS.stream()
        .filter(command -> plain.length() > 2 && distance(plain, command) == 1)
        .findFirst();
  }

  /**
   * Letters to add, leave out or exchange with their neighbour; another letter counts twice, or
   * "snow" would be taken for "show".
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 2;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  /** Where a picture is saved that is given no name: a name that is not taken. */
  static Path freeName(Path given) {
    String stem = OutputNames.stem(given) + "-edited";
    Path file = Path.of(stem + ".png");
    for (int i = 2; file.toFile().exists(); i++) {
      file = Path.of(stem + "-" + i + ".png");
    }
    return file;
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.image.ImageFormat;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What to say about a command line that almost makes sense. */
final class CommandHints {
  private static final int MOST_HINTS = 3;

  private CommandHints() {}

  /** Of an option that nobody knows. */
  static String unknownOption(CommandSpec spec, String word) {
    String name = word.replaceFirst("=.*", "").replace('_', '-');
    String asLong = name.startsWith("--") ? name : "-" + name;
    List<String> names =
        spec.optionsMap().keySet().stream().filter(known -> known.startsWith("--")).toList();
    String text = "unknown option '" + word + "'" + similar(asLong, names);
    boolean prompt =
        spec.positionalParameters().stream().anyMatch(p -> p.paramLabel().equals("PROMPT"));
    return prompt && !name.startsWith("--")
        ? text + "; put -- before a prompt that begins with a dash"
        : text;
  }

  /** Of a first word that is no command. */
  static String unknownCommand(List<String> words, Collection<String> commands) {
    String first = words.get(0);
    if (first.startsWith("-")) {
      return "unknown option '" + first + "'; options go behind the command";
    }
    if (isPicture(first)) {
      return "did you mean: lumina edit " + quoted(words);
    }
    String similar = similar(first, commands);
    boolean sentence = first.chars().anyMatch(Character::isWhitespace);
    boolean words2 = words.size() > 1 && !words.get(1).startsWith("-");
    if (sentence || similar.isEmpty() && (words2 || words.size() == 1 && isWord(first))) {
      int end = 1;
      while (end < words.size() && !words.get(end).startsWith("-")) {
        end++;
      }
      String prompt = String.join(" ", words.subList(0, end));
      return (sentence ? "" : "unknown command '" + first + "'; ")
          + "did you mean: lumina generate "
          + quote(prompt)
          + (end < words.size() ? " " + quoted(words.subList(end, words.size())) : "");
    }
    return "unknown command '" + first + "'" + similar;
  }

  /** Refuses arguments that a command has no place for, and prompts that lack their quotes. */
  static void checkArguments(CommandSpec spec, List<String> arguments) {
    int most = Arguments.most(spec);
    boolean turns = spec.name().equals("edit");
    if (turns && arguments.size() > 2) {
      List<String> prompts = arguments.subList(1, arguments.size());
      if (prompts.stream().allMatch(CommandHints::isWord)
          && prompts.stream().anyMatch(word -> word.length() > 2)) {
        throw new UsageException(
            spec,
            "put the prompt in quotes: lumina edit "
                + quote(arguments.get(0))
                + " "
                + quote(String.join(" ", prompts))
                + "; of several prompts at least one needs two words");
      }
    }
    if (arguments.size() <= most) {
      return;
    }
    if (!spec.name().equals("generate")) {
      throw new UsageException(
          spec,
          "too many arguments: "
              + arguments.subList(most, arguments.size()).stream()
                  .map(CommandHints::quote)
                  .collect(Collectors.joining(" ")));
    }
    if (isPicture(arguments.get(0))) {
      throw new UsageException(spec, "did you mean: lumina edit " + quoted(arguments));
    }
    if (arguments.stream().anyMatch(word -> word.chars().anyMatch(Character::isWhitespace))) {
      throw new UsageException(
          spec,
          "one prompt at a time, not "
              + arguments.size()
              + ": put it in quotes; 'lumina batch' draws those of a file");
    }
    throw new UsageException(
        spec, "put the prompt in quotes: lumina generate " + quote(String.join(" ", arguments)));
  }

  /** {@code ; similar: ...}, or nothing. */
  static String similar(String word, Collection<String> known) {
    List<String> near =
        known.stream()
            .filter(name -> isNear(word, name))
            .sorted(Comparator.comparingInt(name -> distance(word, name)))
            .limit(MOST_HINTS)
            .toList();
    return near.isEmpty() ? "" : "; similar: " + String.join(", ", near);
  }

  private static boolean isNear(String word, String name) {
    String bare = word.replaceFirst("^-+", "");
    String bareName = name.replaceFirst("^-+", "");
    return distance(bare, bareName) <= Math.max(1, Math.min(bare.length(), bareName.length()) / 3)
        || bare.length() > 2 && bareName.startsWith(bare)
        || bareName.length() > 2 && bare.startsWith(bareName + "-");
  }

  /** Letters to insert, remove, replace or swap with their neighbour. */
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int replace = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        steps[i][j] = Math.min(replace, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
        }
      }
    }
    return steps[a.length()][b.length()];
  }

  private static boolean isWord(String text) {
    return text.matches("[A-Za-z][A-Za-z',-]*");
  }

  private static boolean isPicture(String text) {
    try {
      Path file = Path.of(text);
      return ImageFormat.ofExtension(file).isPresent() && Files.isRegularFile(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> word.matches("[\\w./:=@,+-]+") ? word : quote(word))
        .collect(Collectors.joining(" "));
  }

  private static String quote(String text) {
    return '"' + text.replaceAll("([\"\\\\$`])", "\\\\$1") + '"';
  }
}

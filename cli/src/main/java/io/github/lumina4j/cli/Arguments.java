package io.github.lumina4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The words of a command line, each known to be an option, its value or an argument: what picocli
 * would guess from dashes. It gets values attached to their options and the arguments behind {@code
 * --}, so that a prompt may begin with a dash.
 *
 * @param commands the commands that the words begin with, below the program
 * @param options as they are named here, values attached
 * @param positionals the arguments that are no options
 * @param asked a request for help or the version, which ends the reading; null if there is none
 */
record Arguments(
    List<String> commands, List<String> options, List<String> positionals, Question asked) {
  /** What is asked for instead of the command. */
  enum Question {
    HELP,
    HELP_ALL,
    VERSION
  }

  private static final String END = "--";

  /** What picocli takes for {@code --}: no word can be it, so that {@code --} can be a value. */
  static final String DELIMITER = "\0--";

  private static final String HELP_ALL = "--help-all";

  /** The label of options that take any text, whatever it looks like. */
  static final String TEXT = "TEXT";

  /**
   * Reads the words after the name of {@code command}.
   *
   * @throws UsageException if they cannot be read; the message says why
   */
  static Arguments read(CommandLine command, List<String> words) {
    return new Reader(command, words).read();
  }

  /** The words as picocli gets them, the commands included. */
  String[] words() {
    List<String> all = new ArrayList<>(commands);
    all.addAll(options);
    if (!positionals.isEmpty()) {
      all.add(DELIMITER);
      all.addAll(positionals);
    }
    return all.toArray(String[]::new);
  }

  private static final class Reader {
    private final List<String> words;
    private final List<String> commands = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> positionals = new ArrayList<>();
    private final Map<String, String> parts = new LinkedHashMap<>(); // of options of ours
    private CommandLine command;
    private CommandSpec spec;
    private int next;

    Reader(CommandLine command, List<String> words) {
      this.words = words;
      enter(command);
    }

    private void enter(CommandLine entered) {
      command = entered;
      spec = entered.getCommandSpec();
      commands.add(spec.name());
    }

    Arguments read() {
      while (next < words.size()) {
        String word = words.get(next++);
        if (word.equals(END)) {
          positionals.addAll(words.subList(next, words.size()));
          break;
        }
        if (!word.startsWith("-") || word.equals("-") || isText(word)) {
          argument(word);
          continue;
        }
        Question question = word.startsWith("--") ? longOption(word) : shortOptions(word);
        if (question != null) {
          return new Arguments(commands, options, positionals, question);
        }
      }
      ForeignOptions.join(spec, parts, options);
      CommandHints.checkArguments(spec, positionals);
      return new Arguments(commands, options, positionals, null);
    }

    private void argument(String word) {
      CommandLine inner = positionals.isEmpty() ? command.getSubcommands().get(word) : null;
      if (inner != null) {
        enter(inner);
      } else {
        positionals.add(word);
      }
    }

    /** No name of an option has a blank in it, unless its value is attached: -p"a fox". */
    private boolean isText(String word) {
      int end = word.indexOf('=');
      String name = end < 0 ? word : word.substring(0, end);
      if (name.chars().noneMatch(Character::isWhitespace)) {
        return false;
      }
      OptionSpec attached = word.startsWith("--") ? null : find(word.substring(0, 2));
      if (attached == null || attached.arity().max() == 0) {
        return true;
      }
      return !attached.paramLabel().equals(TEXT)
          && !(attached.longestName().equals("--output") && word.matches("(?s).*\\.\\w{1,5}"));
    }

    private Question longOption(String word) {
      int end = word.indexOf('=');
      String name = (end < 0 ? word : word.substring(0, end)).replace('_', '-');
      String value = end < 0 ? null : word.substring(end + 1);
      if (name.equals(HELP_ALL)) {
        return Question.HELP_ALL;
      }
      OptionSpec option = find(name);
      if (option == null) {
        foreign(word, name, value);
        return null;
      }
      return option(option, name, value);
    }

    private Question shortOptions(String word) {
      for (int i = 1; i < word.length(); i++) {
        String name = "-" + word.charAt(i);
        String rest = word.substring(i + 1);
        OptionSpec option = find(name);
        // -seed is --seed misspelt, not the value "eed" of an option -s.
        if (option == null || i == 1 && !rest.isEmpty() && find("-" + word) != null) {
          foreign(word, word, null);
          return null;
        }
        if (option.arity().max() > 0) {
          return option(option, name, rest.isEmpty() ? null : rest.replaceFirst("^=", ""));
        }
        Question question = option(option, name, null);
        if (question != null) {
          return question;
        }
      }
      return null;
    }

    private Question option(OptionSpec option, String name, String attached) {
      if (option.usageHelp()) {
        return Question.HELP;
      }
      if (option.versionHelp()) {
        return Question.VERSION;
      }
      if (option.arity().max() == 0) {
        options.add(attached == null ? name : name + "=" + attached);
      } else if (attached != null) {
        options.add(name + "=" + attached);
      } else if (option.arity().min() == 0) {
        boolean given =
            next < words.size()
                && Converters.of(option) instanceof Words<?> known
                && known.knows(words.get(next));
        options.add(given ? name + "=" + words.get(next++) : name);
      } else {
        options.add(name + "=" + value(option, name));
      }
      return null;
    }

    /** The value in the next word. Another option there means that it was forgotten. */
    private String value(OptionSpec option, String name) {
      String form = name + " " + option.paramLabel();
      if (next == words.size()) {
        throw new UsageException(spec, name + " needs a value: " + form);
      }
      String word = words.get(next);
      if (!option.paramLabel().equals(TEXT)
          && (word.equals(END) || find(word.replaceFirst("=.*", "")) != null)) {
        throw new UsageException(
            spec, name + " needs a value: " + form + " (got the option '" + word + "')");
      }
      next++;
      return word;
    }

    /** An option that is not one of ours, by the table of what other programs call theirs. */
    private void foreign(String word, String name, String attached) {
      ForeignOptions.Meaning meaning =
          ForeignOptions.meaning(spec, name)
              .orElseThrow(() -> new UsageException(spec, CommandHints.unknownOption(spec, word)));
      if (meaning.answer() != null) {
        throw new UsageException(spec, "there is no " + name + " here: " + meaning.answer());
      }
      String value = attached;
      if (value == null && meaning.takesValue()) {
        if (next == words.size()) {
          throw new UsageException(spec, name + " needs a value");
        }
        value = words.get(next++);
      }
      meaning.apply(value, options, positionals, parts);
    }

    private OptionSpec find(String name) {
      return spec.optionsMap().get(name);
    }
  }

  /** How many arguments a command takes at most. */
  static int most(CommandSpec spec) {
    int most = 0;
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      most =
          positional.index().isVariable()
              ? Integer.MAX_VALUE
              : Math.max(most, positional.index().max() + 1);
    }
    return most;
  }
}

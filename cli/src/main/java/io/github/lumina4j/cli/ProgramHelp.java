package io.github.lumina4j.cli;

import java.util.Arrays;
import picocli.CommandLine;

/** The help of the program, which needs no command's model. */
final class ProgramHelp {
  /** Of most names; a longer one pushes its text aside. */
  private static final int NAME_COLUMNS = 11;

  private ProgramHelp() {}

  /** The text, in lines of at most {@link HelpText#COLUMNS} characters. */
  static String text() {
    CommandLine.Command program = LuminaCommand.class.getAnnotation(CommandLine.Command.class);
    StringBuilder text = new StringBuilder("Usage: lumina COMMAND [OPTIONS]\n\n");
    text.append(String.join(" ", program.header())).append('\n');
    for (Commands.Group group : Commands.Group.values()) {
      text.append('\n').append(group.title()).append(":\n");
      for (String name : Commands.names(group)) {
        text.append("  ")
            .append(name)
            .append(" ".repeat(Math.max(0, NAME_COLUMNS - name.length()) + 2))
            .append(Commands.header(name))
            .append('\n');
      }
    }
    Arrays.stream(program.footer()).forEach(line -> text.append(line).append('\n'));
    return text.append('\n')
        .append("'lumina COMMAND --help' has the options of daily use, --help-all the rest,\n")
        .append("'lumina man COMMAND' the manual page. ")
        .append(
            String.join(" ", program.description()).replaceFirst(", everything", ",\neverything"))
        .append('\n')
        .toString();
  }
}

package io.github.lumina4j.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina help}: what {@code --help} prints. */
@CommandLine.Command(
    name = "help",
    header = "Print the help of the program or of a command.",
    abbreviateSynopsis = true,
    footer = {"", "Examples:", "  lumina help generate", "  lumina help generate --all"})
final class HelpCommand extends Command {
  @Parameters(
      index = "0..*",
      paramLabel = "COMMAND",
      description = "The command, with that of its own if there is one: demo-data pixels.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All options, in groups, and the exit codes.")
  private boolean all;

  HelpCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    out()
        .print(names.isEmpty() ? ProgramHelp.text() : HelpText.of(find(environment(), names), all));
  }

  /**
   * A command of the program, or a command of that.
   *
   * @throws IllegalArgumentException if there is none
   */
  static CommandLine find(Environment environment, List<String> names) {
    String first = Commands.find(names.get(0));
    if (first == null) {
      throw unknown("lumina", names.get(0), Commands.names());
    }
    CommandLine command =
        LuminaCommand.commandLine(environment, List.of(first)).getSubcommands().get(first);
    for (String name : names.subList(1, names.size())) {
      CommandLine inner = command.getSubcommands().get(name);
      if (inner == null) {
        throw unknown(
            command.getCommandSpec().qualifiedName(),
            name,
            List.copyOf(command.getSubcommands().keySet()));
      }
      command = inner;
    }
    return command;
  }

  private static IllegalArgumentException unknown(String of, String name, List<String> known) {
    return new IllegalArgumentException(
        "'"
            + of
            + "' has no command '"
            + name
            + "'"
            + (known.isEmpty() ? "" : "; known: " + String.join(", ", known)));
  }
}

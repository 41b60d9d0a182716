package io.github.lumina4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina man}: the manual pages. */
@CommandLine.Command(
    name = "man",
    header = "Print the manual page of the program or of a command.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina man generate | man -l -",
      "  lumina man -o ~/.local/share/man/man1 && man lumina-generate"
    })
final class ManCommand extends Command {
  @Parameters(
      index = "0..*",
      paramLabel = "COMMAND",
      description = "The command, with that of its own if there is one: demo-data pixels.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Write the pages of all commands there instead; made if it is not there.")
  private Path output;

  ManCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    CommandLine program = commandLine().getParent();
    if (output == null) {
      out().print(ManPage.of(find(program, names)));
      return;
    }
    if (!names.isEmpty()) {
      throw new IllegalArgumentException("-o writes all pages: no COMMAND goes with it");
    }
    EvaluationFolder.create(output);
    write(program);
  }

  private static CommandLine find(CommandLine program, List<String> names) {
    CommandLine command = program;
    for (String name : names) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw new IllegalArgumentException(
            "'"
                + command.getCommandSpec().qualifiedName()
                + ("' has no command '" + name + "'; known: ")
                + String.join(", ", command.getSubcommands().keySet()));
      }
      command = next;
    }
    return command;
  }

  private void write(CommandLine command) {
    Path file = output.resolve(ManPage.name(command) + ".1");
    TextFiles.write(file, ManPage.of(command));
    out().println(file);
    command.getSubcommands().values().forEach(this::write);
  }
}

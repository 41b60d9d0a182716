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
    if (output == null) {
      out()
          .print(
              ManPage.of(
                  names.isEmpty()
                      ? LuminaCommand.commandLine(environment())
                      : HelpCommand.find(environment(), names)));
      return;
    }
    if (!names.isEmpty()) {
      throw new IllegalArgumentException("-o writes all pages and cannot be combined with COMMAND");
    }
    EvaluationFolder.create(output);
    write(LuminaCommand.commandLine(environment()));
  }

  private void write(CommandLine command) {
    Path file = output.resolve(ManPage.name(command) + ".1");
    TextFiles.write(file, ManPage.of(command));
    out().println(file);
    command.getSubcommands().values().forEach(this::write);
  }
}

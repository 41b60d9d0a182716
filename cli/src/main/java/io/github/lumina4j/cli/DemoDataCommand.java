package io.github.lumina4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lumina demo-data}: what the demo model is trained on. */
@CommandLine.Command(
    name = "demo-data",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    header = "Write training data of a demo world.",
    description = {
      "Draws small scenes with exact captions, maps and edits. Everything is a function of the "
          + "seed. A run that was stopped, or is to have more samples, continues where it was."
    },
    footer = {
      "",
      "Examples:",
      "  lumina demo-data pixels pixels1 --count 100000 --panels 1",
      "  lumina demo-data records records --model demo-start --count 200000",
      "  lumina demo-data prompts --world book --count 20"
    })
final class DemoDataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private DemoDataCommand() {}

  /** The command with its own commands. */
  static CommandLine with(Environment environment) {
    return new CommandLine(new DemoDataCommand())
        .addSubcommand(new DemoPixelsCommand(environment))
        .addSubcommand(new DemoRecordsCommand(environment))
        .addSubcommand(new DemoPromptsCommand(environment));
  }

  /** Without a command of its own there is nothing to do. */
  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "a command is needed: pixels, records or prompts");
  }
}

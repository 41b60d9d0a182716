package io.github.lumina4j.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code lumina completion}: a script that lets a shell complete commands and options. */
@CommandLine.Command(
    name = "completion",
    header = "Print a script that completes commands and options in bash and zsh.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Example, for the running shell or in ~/.bashrc or ~/.zshrc:",
      "  source <(lumina completion)"
    })
final class CompletionCommand extends Command {
  CompletionCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    CommandLine program = commandLine().getParent();
    out().print(AutoComplete.bash(program.getCommandName(), program));
  }
}

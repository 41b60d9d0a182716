package io.github.lumina4j.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code lumina completion}: a script that lets a shell complete commands, options and values. */
@CommandLine.Command(
    name = "completion",
    header = "Print a script that completes commands, options and values.",
    description = "Written to a file once, it costs new shells nothing.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina completion bash >~/.local/share/bash-completion/completions/lumina",
      "  lumina completion zsh >~/.zfunc/_lumina   # a folder of $fpath",
      "  lumina completion fish >~/.config/fish/completions/lumina.fish",
      "  source <(lumina completion bash)          # for the running shell"
    })
final class CompletionCommand extends Command {
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SHELL",
      description = "bash, zsh or fish (default: that of the variable SHELL, else bash).")
  private String shell;

  CompletionCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    String name = shell;
    if (name == null) {
      String usual = environment().variable("SHELL").replaceFirst(".*/", "");
      name = SHELLS.contains(usual) ? usual : "bash";
    }
    if (!SHELLS.contains(name)) {
      throw new IllegalArgumentException(
          "SHELL must be " + Words.either(SHELLS) + " (got '" + name + "')");
    }
    out()
        .print(
            CompletionScripts.of(name, Completions.of(LuminaCommand.commandLine(environment()))));
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private final Program program = new Program(new FakeBackend());

  static List<String> commands() {
    return Commands.names();
  }

  @Test
  void the_program_has_the_commands_that_are_documented() {
    assertThat(commands())
        .containsExactlyInAnyOrder(
            "generate",
            "edit",
            "reconstruct",
            "decode",
            "pull",
            "list",
            "rm",
            "inspect",
            "serve",
            "bench",
            "devices",
            "tasks",
            "recipe",
            "merge",
            "quantize",
            "tokenize",
            "evaluate",
            "demo-data",
            "finetune",
            "train-image-tokenizer",
            "help",
            "batch",
            "doctor",
            "completion",
            "man");
  }

  @Test
  void the_program_alone_and_help_of_it_name_every_command_and_the_variables() {
    Program.Result result = program.run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    commands().forEach(name -> assertThat(result.out()).contains("\n  " + name + " "));
    assertThat(result.out())
        .contains("LUMINA_MODEL", "LUMINA_CACHE", "LUMINA_REWRITE_API_KEY")
        .contains("\nDraw:\n", "\nModels:\n", "\nTraining and laboratory:\n")
        .satisfies(
            text -> assertThat(text.indexOf("tokenize")).isGreaterThan(text.indexOf("pull")));
    for (String[] words : new String[][] {{}, {"-h"}, {"help"}, {"--help-all"}}) {
      assertThat(program.run(words)).isEqualTo(result);
    }
    fits(result.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_of_a_command_is_short_and_the_full_one_has_everything(String name) {
    Program.Result result = program.run("help", name);
    assertThat(result.code()).isZero();
    assertThat(program.run(name, "--help")).isEqualTo(result);
    assertThat(program.run(name, "--version").out()).startsWith("lumina " + Version.NUMBER);
    Program.Result all = program.run(name, "--help-all");
    assertThat(program.run("help", name, "--all")).isEqualTo(all);
    CommandLine command =
        LuminaCommand.commandLine(program.environment()).getSubcommands().get(name);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(all.out()).contains(option.names());
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
      String text = String.join("", option.description());
      assertThat(text).as("one form of defaults").doesNotContain("by default", "the default");
    }
    assertThat(result.out())
        .startsWith("Usage: lumina " + name)
        .satisfies(text -> assertThat(text.lines().count()).isLessThanOrEqualTo(105));
    for (String line : command.getCommandSpec().usageMessage().footer()) {
      assertThat(result.out()).as("not broken to fit").contains(line + "\n");
    }
    assertThat(all.out()).contains("\nExit codes:\n");
    if (all.out().contains("\nExample")) {
      assertThat(all.out().indexOf("\nExample")).isLessThan(all.out().indexOf("\nExit codes:"));
    }
    for (String code :
        List.of("   0  ", "   1  ", "   2  ", "   3  ", "   4  ", "   5  ", "  130  ")) {
      assertThat(all.out().split("Exit codes:")[1]).contains("\n" + code);
    }
    fits(result.out());
    fits(all.out());
  }

  private static void fits(String text) {
    assertThat(text.lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  @Test
  void help_goes_before_what_is_missing_and_is_found_behind_other_options() {
    assertThat(program.run("edit", "--help").out()).startsWith("Usage: lumina edit");
    assertThat(program.run("generate", "-n", "4", "-qh").out()).startsWith("Usage: lumina gen");
    assertThat(program.run("demo-data", "pixels", "--help").out())
        .startsWith("Usage: lumina demo-data pixels");
    assertThat(program.run("help", "demo-data", "records").out())
        .startsWith("Usage: lumina demo-data records");
  }

  @Test
  void short_help_of_generate_has_the_options_of_daily_use() {
    assertThat(program.run("generate", "--help").out())
        .contains(
            "--model", "-p,", "--size", "--cfg", "--seed", "-n,", "-o,", "--task", "pair-depth")
        .doesNotContain("--rewrite-seconds", "--verifier-seconds", "--activations", "Exit codes")
        .contains("lumina generate --help-all");
    assertThat(program.run("generate", "--help-all").out())
        .contains("\nSampling:\n", "\nModel:\n", "\nOutput:\n", "\nPrompt rewriting:\n");
  }

  @Test
  void version_names_program_libtorch_and_java() {
    Program.Result result = program.run("--version");
    assertThat(result.code()).isZero();
    assertThat(result.out().lines().toList())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).matches("lumina \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
              assertThat(lines.get(1)).matches("libtorch \\d+\\.\\d+\\.\\d+ \\(.*\\)");
              assertThat(lines.get(2)).startsWith("Java ");
            });
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private final Program program = new Program(new FakeBackend());

  static Set<String> commands() {
    return LuminaCommand.commandLine(new Program(new FakeBackend()).environment())
        .getSubcommands()
        .keySet();
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
  void help_of_the_program_names_every_command_and_the_variables() {
    Program.Result result = program.run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    commands().forEach(name -> assertThat(result.out()).contains("\n  " + name + " "));
    assertThat(result.out())
        .contains("LUMINA_MODEL", "LUMINA_CACHE", "LUMINA_REWRITE_API_KEY", "recipe:tiny");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_of_a_command_lists_every_option_and_the_exit_codes(String name) {
    Program.Result result = program.run("help", name);
    assertThat(result.code()).isZero();
    CommandLine command =
        LuminaCommand.commandLine(program.environment()).getSubcommands().get(name);
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(result.out()).contains(option.names());
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
    }
    for (String line : command.getCommandSpec().usageMessage().footer()) {
      assertThat(result.out()).as("not broken to fit").contains(line + "\n");
    }
    for (String code :
        List.of("   0  ", "   1  ", "   2  ", "   3  ", "   4  ", "   5  ", "  130  ")) {
      assertThat(result.out().split("Exit codes:")[1]).contains("\n" + code);
    }
    if (!name.equals("help")) {
      assertThat(program.run(name, "--help").out()).isEqualTo(result.out());
      assertThat(program.run(name, "--version").out()).startsWith("lumina " + Version.NUMBER);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_of_a_command_fits_a_terminal_of_eighty_columns(String name) {
    assertThat(program.run("help", name).out().lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  @Test
  void generate_has_the_documented_options() {
    assertThat(program.run("generate", "--help").out())
        .contains(
            "--model",
            "--image-tokenizer",
            "--lora",
            "--prompt",
            "-p,",
            "--prompt-file",
            "--size",
            "--cfg",
            "--cfg-schedule",
            "--top-k",
            "--text-top-k",
            "--temperature",
            "--sampling",
            "--seed",
            "-n,",
            "-o,",
            "--save-tokens",
            "--dtype",
            "--quantize",
            "--activations",
            "--kv-cache",
            "--image-dtype",
            "--threads",
            "--template",
            "--allow-partial",
            "--preview",
            "--preview-rows",
            "--preview-decoder",
            "--keep-partial",
            "--json",
            "--quiet",
            "--task",
            "pair-depth");
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

  @Test
  void completion_is_a_script_that_knows_the_commands() {
    Program.Result result = program.run("completion");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("reconstruct", "pair-depth", "complete -F _complete_lumina -o default lumina");
  }
}

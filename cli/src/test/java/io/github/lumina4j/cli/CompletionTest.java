package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The scripts of {@code lumina completion}, in the shells themselves. */
class CompletionTest extends CommandTest {
  /** Reads command lines; answers each with its completions, one a line, and a line of a dot. */
  private static final Map<String, String> DRIVERS =
      Map.of(
          "bash",
          """
          source "$1"
          COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
          while IFS= read -r COMP_LINE; do
            COMP_POINT=${#COMP_LINE}
            _lumina
            [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            echo .
          done
          """,
          "zsh",
          """
          # Outside the line editor: what the function hands to it.
          compdef() { : }
          compset() { : }
          _files() { : }
          compadd() { shift; print -rl -- ${(M)@:#${words[CURRENT]#*=}*} }
          source $1
          while IFS= read -r line; do
            words=(${(s: :)line}) ; [[ $line == *' ' ]] && words+=('')
            CURRENT=$#words
            _lumina
            print .
          done
          """,
          "fish",
          """
          source $argv[1]
          while read -l line
              complete -C "$line" | string replace -r '\\t.*' ''
              echo .
          end
          """);

  private List<List<String>> complete(String shell, List<String> lines) throws Exception {
    Path program = Path.of("/usr/bin/" + shell);
    assumeTrue(Files.isExecutable(program), "no " + shell + " here");
    Path script = Files.writeString(file("script"), succeed("completion", shell).out());
    Path driver = Files.writeString(file("driver"), DRIVERS.get(shell));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(
        switch (shell) {
          case "bash" -> List.of("--norc");
          case "zsh" -> List.of("-f");
          default -> List.of("--no-config");
        });
    command.addAll(List.of(driver.toString(), script.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("HF_HUB_CACHE", file("hub").toString());
    builder.environment().put("HOME", folder.toString());
    Path input = Files.write(file("lines"), lines, StandardCharsets.UTF_8);
    Path err = file("shell.err");
    Process process = builder.redirectInput(input.toFile()).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    List<List<String>> answers = new ArrayList<>(List.of(new ArrayList<>()));
    for (String line : out.lines().toList()) {
      if (line.equals(".")) {
        answers.add(new ArrayList<>());
      } else {
        answers.get(answers.size() - 1).add(line);
      }
    }
    answers.remove(answers.size() - 1);
    assertThat(answers).as(Files.readString(err)).hasSameSizeAs(lines);
    return answers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void every_value_that_is_offered_is_taken(String shell) throws Exception {
    CommandLine program = LuminaCommand.commandLine(this.program.environment());
    Map<String, String> lines = new LinkedHashMap<>(); // to command and option
    for (Completions command : Completions.of(program)) {
      command.options().keySet().stream()
          .filter(name -> name.startsWith("--") && command.options().get(name).taken())
          .filter(name -> !command.options().get(name).words().isEmpty())
          .forEach(
              name ->
                  lines.put(
                      "lumina " + command.command() + " " + name + " ",
                      command.command() + "/" + name));
    }
    assertThat(lines).hasSizeGreaterThan(40);
    List<List<String>> answers = complete(shell, List.copyOf(lines.keySet()));
    int i = 0;
    for (String place : lines.values()) {
      String[] parts = place.split("/");
      List<String> words = answers.get(i++);
      assertThat(words).as(place).isNotEmpty();
      CommandLine command = program;
      for (String name : parts[0].split(" ")) {
        command = command.getSubcommands().get(name);
      }
      for (String word : words) {
        OptionValues.set(command.getCommandSpec(), parts[1], word, place + " " + word);
        if (parts[0].equals("generate")) {
          take(parts[1], word);
        }
      }
    }
  }

  /** The whole command takes it as well. */
  private void take(String option, String word) {
    List<Object> words = new ArrayList<>(List.of("generate", "a fox", option, word));
    if (option.equals("--initialization")) {
      words.add("--speculate");
    }
    if (option.equals("--verifier")) {
      words.addAll(List.of("--best-of", 2));
    }
    words.addAll(List.of("-o", file("out.png"), "-q"));
    succeed(words.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void commands_options_models_and_tasks_are_offered(String shell) throws Exception {
    Files.createDirectories(file("hub/models--Org--Name-2.0"));
    List<List<String>> answers =
        complete(
            shell,
            List.of(
                "lumina ",
                "lumina gen",
                "lumina generate --prev",
                "lumina generate fox --model ",
                "lumina generate --speculate=g",
                "lumina edit --task=i2i-d",
                "lumina tasks pair-d",
                "lumina rm ",
                "lumina demo-data pi",
                "lumina completion "));
    assertThat(answers.get(0)).containsExactlyInAnyOrderElementsOf(Commands.names());
    assertThat(answers.get(1)).containsExactly("generate");
    assertThat(answers.get(2)).contains("--preview", "--preview-rows", "--preview-decoder");
    assertThat(answers.get(3)).contains("demo", "recipe:tiny", "Org/Name-2.0");
    assertThat(answers.get(4)).allMatch(word -> word.replaceFirst(".*=", "").equals("gum"));
    assertThat(answers.get(5)).allMatch(word -> word.replaceFirst(".*=", "").equals("i2i-depth"));
    assertThat(answers.get(4)).hasSize(1);
    assertThat(answers.get(5)).hasSize(1);
    assertThat(answers.get(6)).containsExactly("pair-depth");
    assertThat(answers.get(7)).containsExactly("Org/Name-2.0");
    assertThat(answers.get(8)).containsExactly("pixels");
    assertThat(answers.get(9)).containsExactlyInAnyOrder("bash", "zsh", "fish");
  }

  @Test
  void the_shell_in_use_is_the_usual_one() throws IOException {
    program.variables.put("SHELL", "/usr/bin/fish");
    assertThat(succeed("completion").out()).isEqualTo(succeed("completion", "fish").out());
    program.variables.put("SHELL", "/bin/tcsh");
    assertThat(succeed("completion").out()).isEqualTo(succeed("completion", "bash").out());
    refuse(2, "SHELL must be bash, zsh or fish (got 'tcsh')", "completion", "tcsh");
  }
}

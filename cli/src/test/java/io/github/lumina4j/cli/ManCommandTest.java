package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class ManCommandTest extends CommandTest {
  /** Every command and those below it, as the words that name it; none for the program. */
  static List<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    collect(program(), List.of(), all);
    return all;
  }

  private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
    all.add(words);
    command
        .getSubcommands()
        .forEach(
            (name, below) -> {
              List<String> longer = new ArrayList<>(words);
              longer.add(name);
              collect(below, longer, all);
            });
  }

  private static CommandLine program() {
    return LuminaCommand.commandLine(new Program(new FakeBackend()).environment());
  }

  private static CommandLine command(List<String> words) {
    CommandLine command = program();
    for (String word : words) {
      command = command.getSubcommands().get(word);
    }
    return command;
  }

  private String page(List<String> words) {
    return succeed(Stream.concat(Stream.of("man"), words.stream()).toArray()).out();
  }

  /** What a page says, without its markup. */
  private static String plain(String roff) {
    return roff.replaceAll("\\\\f[BR]", "")
        .replace("\\&", "")
        .replace("\\-", "-")
        .replace("\\(aq", "'")
        .replace("\\(ga", "`")
        .replace("\\(ha", "^")
        .replace("\\(ti", "~")
        .replace("\\(dq", "\"")
        .replace("\\(rs", "\\");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void a_page_has_every_option_argument_and_command(List<String> words) {
    String roff = page(words);
    String name = String.join("-", words.isEmpty() ? List.of("lumina") : words);
    String text = plain(roff);
    assertThat(text)
        .startsWith(".TH \"")
        .contains(name.toUpperCase(Locale.ROOT) + "\" 1 ")
        .contains("\n.SH NAME\nlumina")
        .contains("\n.SH SYNOPSIS\nlumina")
        .contains("\n.SH EXIT STATUS\n.TP\n0\ndone\n")
        .contains("\n.TP\n130\ncancelled\n")
        .endsWith("(1)\n");
    CommandLine command = command(words);
    assertThat(command.getCommandSpec().options()).isNotEmpty();
    for (OptionSpec option : command.getCommandSpec().options()) {
      String names = String.join(", ", option.names());
      // The entry begins with the names, and says something.
      assertThat(text).as(names).containsPattern("\n\\.TP\n\\Q" + names + "\\E.*\n.*\\w");
    }
    for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
      assertThat(text.split("\n.SH ARGUMENTS\n")[1]).contains(argument.paramLabel());
    }
    for (String below : command.getSubcommands().keySet()) {
      assertThat(text).contains("\n.TP\n" + below + "\n");
    }
    // What is left of picocli's own markup would be a placeholder.
    assertThat(text).doesNotContain("${", "@|", "%n");
    assertThat(roff).matches("[\\n -~]+");
  }

  @Test
  void a_page_tells_what_the_help_tells() {
    String text = plain(page(List.of("generate")));
    assertThat(text)
        .contains("lumina-generate - Make a picture, or a picture and a map of it, from words\n")
        .contains("\n.TP\n-o, --output=FILE\n")
        .contains("(default: t2i): t2i, pair-")
        .contains("\n.SH EXAMPLES\n.PP\n.nf\n  lumina generate \"a red circle")
        .contains("-o 'fox-{seed}.png'\n")
        .contains("\n.SH SEE ALSO\nlumina(1)\n");
    assertThat(plain(page(List.of())))
        .contains("\n.SH ENVIRONMENT\n.PP\n.nf\n  LUMINA_MODEL ")
        .contains("lumina-generate(1),\n");
    assertThat(plain(page(List.of("demo-data", "pixels"))))
        .contains("\n.SH SEE ALSO\nlumina-demo-data(1)\n");
  }

  @CommandLine.Command(
      name = "odd",
      header = "Says \\ and 狐 🦊.",
      description = ".SH is text here, and so is 'this' and ~^`\"",
      footer = {"", "Examples:", "  .TH x", "  odd -- 'a b'"})
  private static final class Odd {}

  @Test
  void words_that_look_like_markup_are_words() {
    String roff = ManPage.of(new CommandLine(new Odd()));
    assertThat(roff)
        .contains("\nodd \\- Says \\(rs and \\[u72D0] \\[u1F98A]\n")
        .contains("\n\\&.SH is text here, and so is \\(aqthis\\(aq and \\(ti\\(ha\\(ga\\(dq\n")
        .contains("\n.SH EXAMPLES\n.PP\n.nf\n  .TH x\n  odd \\-\\- \\(aqa b\\(aq\n.fi\n");
    assertThat(roff.lines().filter(line -> line.startsWith(".SH")))
        .containsExactly(".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH EXAMPLES");
  }

  @Test
  void all_pages_go_to_a_folder() throws IOException {
    Path man = file("share/man1");
    Program.Result result = succeed("man", "-o", man);
    assertThat(result.out().lines()).hasSize(commands().size());
    for (List<String> words : commands()) {
      String name = words.isEmpty() ? "lumina" : "lumina-" + String.join("-", words);
      assertThat(man.resolve(name + ".1")).hasContent(page(words));
    }
  }

  @Test
  void an_unknown_command_is_refused() {
    refuse(2, "'lumina' has no command 'draw'; known: generate, edit,", "man", "draw");
    refuse(2, "'lumina generate' has no command 'x'", "man", "generate", "x");
    refuse(2, "cannot be combined with COMMAND", "man", "generate", "-o", file("x"));
  }

  /** The formatter of {@code man}, where there is one, has nothing to complain about. */
  @ParameterizedTest
  @MethodSource("commands")
  void groff_shows_a_page_without_a_warning(List<String> words) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "no groff here");
    Path roff = Files.writeString(file("page.1"), page(words));
    Path err = file("groff.err");
    Process groff =
        new ProcessBuilder("/usr/bin/groff", "-man", "-ww", "-Tascii", "-P-c", roff.toString())
            .redirectError(err.toFile())
            .start();
    String shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(groff.waitFor()).isZero();
    assertThat(err).isEmptyFile();
    // Bold is struck twice on this device.
    String plain = shown.replaceAll(".\b", "");
    assertThat(plain).contains("\nNAME\n", "\nEXIT STATUS\n", "--help");
  }
}

package io.github.lumina4j.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The help of a command as a manual page: roff with the macros of man(7), which {@code man} shows
 * as it is. Made from the same model as the help, so that no option can be missing in either.
 */
final class ManPage {
  private static final String ENTRY = ".TP\n";
  private static final String PARAGRAPH = ".PP\n";

  private final CommandSpec spec;
  private final Help help;
  private final StringBuilder roff = new StringBuilder();
  private boolean verbatim;

  private ManPage(CommandLine command) {
    spec = command.getCommandSpec();
    help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
  }

  /** The name of the page, such as {@code lumina-generate}. */
  static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  /** The page. */
  static String of(CommandLine command) {
    return new ManPage(command).write(command);
  }

  private String write(CommandLine command) {
    String name = name(command);
    roff.append(".TH \"")
        .append(escape(name.toUpperCase(Locale.ROOT)))
        .append("\" 1 \"\" \"lumina ")
        .append(escape(Version.NUMBER))
        .append("\" \"lumina\"\n");
    // Left aligned, and no word divided: what is shown can be copied.
    roff.append(".ad l\n.nh\n");
    section("NAME");
    text(name + " - " + String.join(" ", spec.usageMessage().header()).replaceFirst("\\.$", ""));
    section("SYNOPSIS");
    text(help.synopsis(0).lines().map(String::strip).collect(Collectors.joining(" ")));
    List<String> footer = lines(spec.usageMessage().footer());
    int first = 0;
    while (first < footer.size() && !isHeading(footer.get(first))) {
      first++;
    }
    section("DESCRIPTION");
    String[] description = spec.usageMessage().description();
    paragraphs(lines(description.length == 0 ? spec.usageMessage().header() : description));
    paragraphs(footer.subList(0, first));
    entries("ARGUMENTS", spec.positionalParameters(), this::positional);
    entries(
        "OPTIONS",
        spec.options().stream()
            .filter(option -> !option.hidden())
            .sorted(Comparator.comparingInt(OptionSpec::order))
            .toList(),
        this::option);
    commands(command.getSubcommands());
    exitCodes();
    for (String line : footer.subList(first, footer.size())) {
      footer(line);
    }
    closeVerbatim();
    seeAlso(command);
    return roff.toString();
  }

  /** As they were written: the help's are broken to fit a terminal, examples as well. */
  private static List<String> lines(String[] written) {
    return String.join("\n", written).replace("%n", "\n").replace("%%", "%").lines().toList();
  }

  private interface Entry<A extends ArgSpec> {
    void write(A argument);
  }

  private <A extends ArgSpec> void entries(String title, List<A> arguments, Entry<A> entry) {
    List<A> shown = arguments.stream().filter(argument -> !argument.hidden()).toList();
    if (!shown.isEmpty()) {
      section(title);
      shown.forEach(entry::write);
    }
  }

  private void option(OptionSpec option) {
    String names =
        Arrays.stream(option.names()).map(name -> bold(name)).collect(Collectors.joining(", "));
    entry(
        names + label(option),
        help.createDefaultOptionRenderer()
            .render(option, help.parameterLabelRenderer(), help.colorScheme()));
  }

  private void positional(PositionalParamSpec parameter) {
    entry(
        label(parameter),
        help.createDefaultParameterRenderer()
            .render(parameter, help.parameterLabelRenderer(), help.colorScheme()));
  }

  private String label(ArgSpec argument) {
    return escape(
        help.parameterLabelRenderer()
            .renderParameterLabel(argument, Ansi.OFF, List.of())
            .toString());
  }

  /** {@code rows} is a table, of which the last column is the description. */
  private void entry(String tag, Text[][] rows) {
    String description =
        Arrays.stream(rows)
            .map(row -> row[row.length - 1].toString().strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining(" "));
    roff.append(ENTRY).append(protect(tag)).append('\n');
    text(description);
  }

  private void commands(Map<String, CommandLine> commands) {
    if (!commands.isEmpty()) {
      section("COMMANDS");
      commands.forEach(
          (name, command) -> {
            roff.append(ENTRY).append(bold(name)).append('\n');
            text(String.join(" ", command.getCommandSpec().usageMessage().header()));
          });
    }
  }

  private void exitCodes() {
    Map<String, String> codes = spec.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      section("EXIT STATUS");
      codes.forEach(
          (code, meaning) -> {
            roff.append(ENTRY).append(bold(code.strip())).append('\n');
            text(meaning);
          });
    }
  }

  /** Pages of the commands below, or of the one above. */
  private void seeAlso(CommandLine command) {
    List<String> pages =
        command.getParent() == null || !command.getSubcommands().isEmpty()
            ? command.getSubcommands().values().stream().map(ManPage::name).toList()
            : List.of(name(command.getParent()));
    if (!pages.isEmpty()) {
      section("SEE ALSO");
      roff.append(pages.stream().map(page -> bold(page) + "(1)").collect(Collectors.joining(",\n")))
          .append('\n');
    }
  }

  /** Indented lines, such as examples, keep their shape; others are text. */
  private void paragraphs(List<String> lines) {
    boolean open = false;
    for (String line : lines) {
      if (line.isBlank()) {
        open = false;
      } else if (line.startsWith("  ")) {
        openVerbatim();
        roff.append(protect(escape(line))).append('\n');
        open = false;
      } else {
        closeVerbatim();
        if (!open) {
          roff.append(PARAGRAPH);
        }
        text(line);
        open = true;
      }
    }
    closeVerbatim();
  }

  private void footer(String line) {
    if (line.isBlank()) {
      closeVerbatim();
    } else if (isHeading(line)) {
      closeVerbatim();
      section(line.startsWith("Variables") ? "ENVIRONMENT" : "EXAMPLES");
      if (line.contains(" ")) {
        text(line);
      }
    } else if (line.startsWith("  ")) {
      openVerbatim();
      roff.append(protect(escape(line))).append('\n');
    } else {
      closeVerbatim();
      text(line);
    }
  }

  /** Those of this program begin with {@code Variables} or {@code Example}. */
  private static boolean isHeading(String line) {
    return line.matches("(Variables|Example).*:");
  }

  private void openVerbatim() {
    if (!verbatim) {
      roff.append(PARAGRAPH).append(".nf\n");
      verbatim = true;
    }
  }

  private void closeVerbatim() {
    if (verbatim) {
      roff.append(".fi\n");
      verbatim = false;
    }
  }

  private void section(String title) {
    roff.append(".SH ").append(title).append('\n');
  }

  private void text(String text) {
    roff.append(protect(escape(text))).append('\n');
  }

  private static String bold(String text) {
    return "\\fB" + escape(text) + "\\fR";
  }

  /** A line that begins like a request, as text. */
  private static String protect(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /** Characters as they are: roff would make typography of some, and a command of the backslash. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> escaped.append("\\(rs");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '`' -> escaped.append("\\(ga");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                case '"' -> escaped.append("\\(dq");
                default -> {
                  if (c < 128) {
                    escaped.appendCodePoint(c);
                  } else {
                    escaped.append(String.format("\\[u%04X]", c));
                  }
                }
              }
            });
    return escaped.toString();
  }
}

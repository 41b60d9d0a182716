package io.github.lumina4j.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The help of a command: in short usage, what it does, the options of daily use and examples; in
 * full all options under headings, and the exit codes.
 */
final class HelpText {
  static final int COLUMNS = 80;

  /** A command of no more options than these has no short help. */
  private static final int FEW = 16;

  private static final String OWN = "Options";
  private static final String GENERAL = "General";

  /** Heading to options, in the order of the help; what is not listed comes first. */
  private static final List<Map.Entry<String, String>> SECTIONS =
      List.of(
          Map.entry(
              "Picture",
              "--task --prompt --prompt-file --description --size --template --whole"
                  + " --allow-partial --interactive"),
          Map.entry("Seed and number", "--seed --count"),
          Map.entry(
              "Output",
              "--output --save-tokens --preview --preview-rows --preview-decoder --keep-partial"),
          Map.entry("Model", "--model --lora --image-tokenizer"),
          Map.entry(
              "Numbers and memory",
              "--quantize --activations --kv-cache --dtype --image-dtype --device --threads"),
          Map.entry(
              "Sampling", "--cfg --top-k --temperature --cfg-schedule --sampling --text-top-k"),
          Map.entry(
              "Several codes or pictures a pass",
              "--speculate --window --initialization --lambda --together"),
          Map.entry("Choice of the best", "--best-of --verifier --verifier-seconds"),
          Map.entry(
              "Prompt rewriting", "--rewrite --rewrite-model --rewrite-system --rewrite-seconds"));

  private static final Set<String> DAILY =
      Set.of(
          ("--task --prompt --description --size --whole --interactive --seed --count --output"
                  + " --preview --model --lora --cfg --top-k --temperature --speculate --best-of"
                  + " --verifier --quantize --device --shard --data --config --steps --epochs"
                  + " --batch-size --learning-rate --lora-rank --from --groups --limit --samples"
                  + " --geneval --prompts --host --port --api-key-file --name --json --quiet --help")
              .split(" "));

  private final CommandSpec spec;
  private final Help help;
  private final StringBuilder text = new StringBuilder();

  private HelpText(CommandLine command) {
    spec = command.getCommandSpec();
    ColorScheme colors = command.getColorScheme();
    help = new Help(spec, colors);
  }

  /** The help of {@code command}. */
  static String of(CommandLine command, boolean all) {
    return new HelpText(command).write(all);
  }

  private String write(boolean all) {
    text.append("Usage: ").append(help.synopsis("Usage: ".length())).append('\n');
    text.append(help.header());
    if (spec.usageMessage().description().length > 0) {
      text.append('\n').append(help.description());
    }
    if (!spec.positionalParameters().isEmpty()) {
      heading("Arguments");
      Layout layout = help.createDefaultLayout();
      layout.addAllPositionalParameters(spec.positionalParameters(), help.parameterLabelRenderer());
      text.append(layout);
    }
    List<OptionSpec> options = spec.options().stream().filter(o -> !o.hidden()).toList();
    boolean few = options.size() <= FEW;
    if (all && !few) {
      sections(options);
    } else {
      section(OWN, sorted(options.stream().filter(o -> few || daily(o)).toList()));
    }
    if (!spec.subcommands().isEmpty()) {
      heading("Commands");
      text.append(help.commandList());
    }
    text.append(help.footer());
    if (all || few) {
      text.append(help.exitCodeListHeading()).append(help.exitCodeList());
    } else {
      text.append('\n')
          .append("All ")
          .append(options.size())
          .append(" options, in groups, and the exit codes:\n  ")
          .append(spec.qualifiedName())
          .append(" --help-all\n");
    }
    return text.toString();
  }

  private void heading(String title) {
    text.append('\n').append(title).append(":\n");
  }

  private void section(String title, List<OptionSpec> options) {
    if (!options.isEmpty()) {
      heading(title);
      Layout layout = help.createDefaultLayout();
      layout.addAllOptions(options, help.parameterLabelRenderer());
      text.append(layout);
    }
  }

  private void sections(List<OptionSpec> options) {
    List<OptionSpec> rest = new ArrayList<>(options);
    rest.removeIf(option -> !heading(option).equals(OWN));
    section(OWN, rest);
    for (Map.Entry<String, String> section : SECTIONS) {
      section(
          section.getKey(),
          sorted(options.stream().filter(o -> heading(o).equals(section.getKey())).toList()));
    }
    section(GENERAL, options.stream().filter(o -> heading(o).equals(GENERAL)).toList());
  }

  private static boolean daily(OptionSpec option) {
    return option.required() || DAILY.contains(option.longestName());
  }

  private static String heading(OptionSpec option) {
    if (Set.of("--help", "--version", "--json", "--quiet", "--verbose")
        .contains(option.longestName())) {
      return GENERAL;
    }
    return SECTIONS.stream()
        .filter(section -> words(section).contains(option.longestName()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(OWN);
  }

  private static List<String> words(Map.Entry<String, String> section) {
    return List.of(section.getValue().split(" "));
  }

  /** Those of this command first, then in the order of the sections. */
  private static List<OptionSpec> sorted(List<OptionSpec> options) {
    List<String> order = new ArrayList<>();
    SECTIONS.forEach(section -> order.addAll(words(section)));
    List<OptionSpec> sorted = new ArrayList<>(options);
    sorted.sort(
        Comparator.comparingInt(
            option ->
                heading(option).equals(GENERAL)
                    ? order.size()
                    : order.indexOf(option.longestName())));
    return sorted;
  }
}

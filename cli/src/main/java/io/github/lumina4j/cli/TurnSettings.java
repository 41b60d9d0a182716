package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Options that may change from one turn of a conversation to the next. */
final class TurnSettings {
  private static final String USUAL = "default";

  @CommandLine.Command
  private static final class Options {
    @Mixin private SamplingMixin sampling;
    @Mixin private DecodingMixin decoding;
    @Mixin private SeedOption seed;
  }

  private static final CommandLine NAMES = new CommandLine(new Options());

  private final Map<String, String> values = new LinkedHashMap<>();
  private Options options = new Options();

  /** Begins with what was given on a command line. */
  TurnSettings(List<OptionSpec> given) {
    for (OptionSpec option : given) {
      String name = option.longestName();
      if (known(name) && !option.stringValues().isEmpty()) {
        values.put(name, option.stringValues().get(0));
      }
    }
    options = parse(values);
  }

  private static boolean known(String name) {
    return NAMES.getCommandSpec().optionsMap().containsKey(name);
  }

  /** The names of all options, as they are typed. */
  static List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    for (OptionSpec option : NAMES.getCommandSpec().options()) {
      names.add(option.longestName().substring(2));
    }
    return List.copyOf(names);
  }

  /**
   * Changes an option.
   *
   * @param name as {@code cfg}, {@code --cfg} or {@code top_k}
   * @param value {@code default} takes back what was given
   * @throws IllegalArgumentException if there is no such option or the value is none of it; then
   *     nothing has changed
   */
  void set(String name, String value) {
    String option = "--" + name.replaceFirst("^--", "").replace('_', '-');
    if (!known(option)) {
      throw new IllegalArgumentException(
          "no option '" + name + "' to set; there are " + String.join(", ", names()));
    }
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.remove(option);
    if (!value.equals(USUAL)) {
      changed.put(option, value);
    }
    options = parse(changed);
    values.clear();
    values.putAll(changed);
  }

  private static Options parse(Map<String, String> values) {
    List<String> arguments = new ArrayList<>();
    values.forEach((name, value) -> arguments.add(name + "=" + value));
    Options parsed = new Options();
    try {
      new CommandLine(parsed).setExpandAtFiles(false).parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    // Refuses what is out of its range.
    GenerationRequest.Builder probe = GenerationRequest.builder("a picture");
    parsed.sampling.apply(probe, 0);
    probe.decoding(parsed.decoding.options()).build();
    return parsed;
  }

  /** Hands on what is set, over what {@code builder} has. */
  GenerationRequest.Builder apply(GenerationRequest.Builder builder, long seed) {
    options.sampling.apply(builder, seed);
    return builder.decoding(options.decoding.options());
  }

  /** The seed that was set; null if none was. */
  Long seed() {
    return options.seed.seed();
  }

  /** What is set, by the names that are typed; {@code default} stands for the rest. */
  Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    names().forEach(name -> shown.put(name, values.getOrDefault("--" + name, USUAL)));
    return shown;
  }
}

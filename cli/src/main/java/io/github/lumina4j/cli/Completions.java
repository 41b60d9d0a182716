package io.github.lumina4j.cli;

import io.github.lumina4j.Quantization;
import io.github.lumina4j.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What may follow on a command line, for the scripts that complete it: made from the commands
 * themselves, so that what is offered is what they take.
 *
 * @param command its words, such as {@code demo-data pixels}
 * @param options by all their names
 * @param arguments by their index; the last stands for those that follow, too
 */
record Completions(String command, Map<String, Values> options, List<Values> arguments) {
  /** Where values come from besides words. */
  enum Source {
    NOTHING,
    FILES,
    FOLDERS,
    /** The models of {@code --model}, folders included. */
    MODELS,
    /** The models that were pulled. */
    PULLED
  }

  /**
   * The values of an option or argument.
   *
   * @param taken whether there is a value at all
   */
  record Values(boolean taken, List<String> words, Source source) {
    static final Values FLAG = new Values(false, List.of(), Source.NOTHING);
    static final Values TEXT = new Values(true, List.of(), Source.NOTHING);

    static Values of(Source source) {
      return new Values(true, List.of(), source);
    }

    static Values of(List<String> words) {
      return new Values(true, words, Source.NOTHING);
    }
  }

  /** Of options whose values are words that only their command knows. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "--device", List.of("cpu", "cuda"),
          "--verifier", List.of("likelihood"),
          "--preset", RecipeModels.PRESETS,
          "--recipe", RecipeModels.PRESETS,
          "--set", List.of("demo"),
          "--format", List.of("int4", "int8"),
          "--method", List.of("rtn", "hqq"),
          "--group", List.of("128", "64", "32"),
          "--panels", List.of("1", "2"),
          "--seed", List.of("random"));

  /** What every model can be asked for without a download. */
  static List<String> madeModels() {
    List<String> models = new ArrayList<>(List.of(Models.DEMO));
    RecipeModels.PRESETS.forEach(preset -> models.add("recipe:" + preset));
    return models;
  }

  /** Those of all commands that {@code program} has, itself not included. */
  static List<Completions> of(CommandLine program) {
    List<Completions> all = new ArrayList<>();
    program.getSubcommands().values().forEach(command -> add(all, "", command));
    return all;
  }

  private static void add(List<Completions> all, String above, CommandLine command) {
    String name = above + command.getCommandName();
    Map<String, Values> options = new LinkedHashMap<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      Arrays.stream(option.names()).forEach(spelt -> options.put(spelt, values(option, name)));
    }
    options.put("--help-all", Values.FLAG);
    List<Values> arguments = new ArrayList<>();
    for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
      arguments.add(argument(argument, name));
    }
    if (!command.getSubcommands().isEmpty()) {
      arguments.add(Values.of(List.copyOf(command.getSubcommands().keySet())));
    }
    all.add(new Completions(name, options, arguments));
    command.getSubcommands().values().forEach(inner -> add(all, name + " ", inner));
  }

  private static Values values(OptionSpec option, String command) {
    if (option.arity().max() == 0) {
      return Values.FLAG;
    }
    String name = option.longestName();
    if (option.completionCandidates() != null && name.equals("--task")) {
      return Values.of(
          StreamSupport.stream(option.completionCandidates().spliterator(), false).toList());
    }
    if (name.equals("--task")) {
      return Values.of(taskNames());
    }
    if (Converters.of(option) instanceof Words<?> words) {
      return Values.of(dtypes(command, name, words.names()));
    }
    if (option.type() == Quantization.class) {
      return Values.of(List.of("int8", "int4", "int4:64", "int4:32", "int4:128:hqq"));
    }
    if (WORDS.containsKey(name)) {
      boolean fixed = name.equals("--seed") && option.type() == long.class;
      return fixed ? Values.TEXT : Values.of(WORDS.get(name));
    }
    if (name.equals("--model") || name.equals("--image-tokenizer") && option.type() == Path.class) {
      return Values.of(name.equals("--model") ? Source.MODELS : Source.FILES);
    }
    return path(option, name);
  }

  /** Not every option has every format: some have no automatic one. */
  private static List<String> dtypes(String command, String name, List<String> names) {
    boolean automatic = name.equals("--dtype") && !command.matches("recipe|finetune|train-.*");
    return name.endsWith("dtype") && !automatic
        ? names.stream().filter(word -> !word.equals("auto")).toList()
        : names;
  }

  private static Values path(ArgSpec argument, String name) {
    boolean files =
        argument.auxiliaryTypes()[0] == Path.class
            || name.matches("--(output|save-tokens|lora|data)")
            || argument.paramLabel().startsWith("FILE");
    if (!files) {
      return Values.TEXT;
    }
    return Values.of(
        argument.paramLabel().matches("(FOLDER|DIR).*") ? Source.FOLDERS : Source.FILES);
  }

  private static Values argument(PositionalParamSpec argument, String command) {
    return switch (command) {
      case "tasks" -> Values.of(taskNames());
      case "help", "man" -> Values.of(Commands.names());
      case "completion" -> Values.of(CompletionCommand.SHELLS);
      case "inspect" -> new Values(true, madeModels(), Source.FILES);
      case "rm" -> Values.of(Source.PULLED);
      case "merge", "quantize" ->
          argument.index().min() == 0 ? Values.of(Source.MODELS) : Values.of(Source.FOLDERS);
      default -> path(argument, argument.paramLabel());
    };
  }

  private static List<String> taskNames() {
    return Tasks.builtIn().stream().map(task -> task.name()).toList();
  }
}

package io.github.lumina4j.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** All commands of the program by name. A command's model is built when it is asked for. */
final class Commands {
  /** What commands are about. */
  enum Group {
    DRAW("Draw"),
    MODELS("Models"),
    SERVER("Server and machine"),
    TRAINING("Training and laboratory"),
    HELP("Help");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private record Entry(Group group, Class<?> type) {}

  private static final Map<String, Entry> ALL = new LinkedHashMap<>();

  /** What other programs call the same. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "run", "generate",
          "ls", "list",
          "remove", "rm",
          "delete", "rm",
          "show", "inspect",
          "info", "inspect",
          "download", "pull",
          "server", "serve",
          "train", "finetune");

  static {
    add(Group.DRAW, GenerateCommand.class);
    add(Group.DRAW, EditCommand.class);
    add(Group.DRAW, BatchCommand.class);
    add(Group.DRAW, ReconstructCommand.class);
    add(Group.DRAW, DecodeCommand.class);
    add(Group.DRAW, TasksCommand.class);
    add(Group.MODELS, PullCommand.class);
    add(Group.MODELS, ListCommand.class);
    add(Group.MODELS, RmCommand.class);
    add(Group.MODELS, InspectCommand.class);
    add(Group.MODELS, MergeCommand.class);
    add(Group.MODELS, QuantizeCommand.class);
    add(Group.SERVER, ServeCommand.class);
    add(Group.SERVER, DevicesCommand.class);
    add(Group.SERVER, DoctorCommand.class);
    add(Group.SERVER, BenchCommand.class);
    add(Group.TRAINING, TokenizeCommand.class);
    add(Group.TRAINING, FinetuneCommand.class);
    add(Group.TRAINING, TrainImageTokenizerCommand.class);
    add(Group.TRAINING, EvaluateCommand.class);
    add(Group.TRAINING, DemoDataCommand.class);
    add(Group.TRAINING, RecipeCommand.class);
    add(Group.HELP, HelpCommand.class);
    add(Group.HELP, CompletionCommand.class);
    add(Group.HELP, ManCommand.class);
  }

  private Commands() {}

  private static void add(Group group, Class<?> type) {
    ALL.put(description(type).name(), new Entry(group, type));
  }

  private static CommandLine.Command description(Class<?> type) {
    return type.getAnnotation(CommandLine.Command.class);
  }

  /** The names, in the order of the help. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Those of one group. */
  static List<String> names(Group group) {
    return ALL.keySet().stream().filter(name -> ALL.get(name).group == group).toList();
  }

  /** The command that {@code word} names, or what other programs call so; null if none. */
  static String find(String word) {
    String name = ALIASES.getOrDefault(word, word);
    return ALL.containsKey(name) ? name : null;
  }

  /** What the command does, in a line. */
  static String header(String name) {
    return String.join(" ", Arrays.asList(description(ALL.get(name).type).header()));
  }

  /** The command itself. */
  static CommandLine create(String name, Environment environment) {
    Object command =
        switch (name) {
          case "generate" -> new GenerateCommand(environment);
          case "edit" -> new EditCommand(environment);
          case "batch" -> new BatchCommand(environment);
          case "reconstruct" -> new ReconstructCommand(environment);
          case "decode" -> new DecodeCommand(environment);
          case "pull" -> new PullCommand(environment);
          case "list" -> new ListCommand(environment);
          case "rm" -> new RmCommand(environment);
          case "inspect" -> new InspectCommand(environment);
          case "serve" -> new ServeCommand(environment);
          case "bench" -> new BenchCommand(environment);
          case "devices" -> new DevicesCommand(environment);
          case "doctor" -> new DoctorCommand(environment);
          case "tasks" -> new TasksCommand(environment);
          case "recipe" -> new RecipeCommand(environment);
          case "merge" -> new MergeCommand(environment);
          case "quantize" -> new QuantizeCommand(environment);
          case "tokenize" -> new TokenizeCommand(environment);
          case "evaluate" -> new EvaluateCommand(environment);
          case "demo-data" -> DemoDataCommand.with(environment);
          case "finetune" -> new FinetuneCommand(environment);
          case "train-image-tokenizer" -> new TrainImageTokenizerCommand(environment);
          case "help" -> new HelpCommand(environment);
          case "completion" -> new CompletionCommand(environment);
          case "man" -> new ManCommand(environment);
          default -> throw new IllegalArgumentException("no command '" + name + "'");
        };
    return command instanceof CommandLine line ? line : new CommandLine(command);
  }
}

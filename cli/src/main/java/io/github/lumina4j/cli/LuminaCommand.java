package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.Seeds;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The program {@code lumina}. */
@CommandLine.Command(
    name = "lumina",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Draw pictures with Lumina-mGPT 2.0.",
    description = "Results go to standard output, everything else to standard error.",
    footer = {
      "",
      "Examples:",
      "  lumina generate \"a red circle left of a blue square\"",
      "  lumina pull Alpha-VLLM/Lumina-mGPT-2.0",
      "  lumina generate --model Alpha-VLLM/Lumina-mGPT-2.0 \"a red fox\" -o fox.png",
      "  lumina help generate",
      "",
      "Variables:",
      "  LUMINA_MODEL  the model, where --model is not given (default: the demo model)",
      "  LUMINA_CACHE  where the demo model, recipe checkpoints and unpacked",
      "                natives are kept (default: ~/.cache/lumina4j)",
      "  HF_HOME       where pulled models are (default: ~/.cache/huggingface)",
      "  LUMINA_API_KEY  what clients of 'lumina serve' have to know",
      "  LUMINA_REWRITE_API_KEY  what the service of --rewrite asks for",
      "  LUMINA_DEBUG  1 shows where an error comes from",
      "  LUMINA_JAVA_OPTS  options for the Java machine, such as -Xmx8g"
    })
public final class LuminaCommand implements Callable<Integer> {
  private static final String NAME = "lumina";

  private LuminaCommand() {}

  /** Without a command there is nothing to do but to tell what there is. */
  @Override
  public Integer call() {
    throw new IllegalStateException("a command line without a command came here");
  }

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    CancellationToken cancellation = new CancellationToken();
    Shutdown shutdown = Shutdown.cancelling(cancellation);
    Environment environment =
        new Environment(
            System.getenv(),
            StandardInput.of(shutdown.input(new FileInputStream(FileDescriptor.in))),
            Terminal.ofStandardStreams(),
            new LibraryBackend(),
            Seeds::random,
            cancellation,
            shutdown::waitAtMost,
            new SignalInterrupts());
    StandardStream out = StandardStream.of(FileDescriptor.out);
    PrintWriter err = StandardStream.of(FileDescriptor.err).writer();
    int code = run(environment, out, err, args);
    shutdown.finished();
    System.exit(code);
  }

  /** Runs the program; nothing it throws comes out. */
  static int run(Environment environment, StandardStream out, PrintWriter err, String... args) {
    PrintWriter writer = out.writer();
    int code;
    try {
      code = execute(environment, writer, err, List.of(args));
    } catch (Throwable failure) { // an Error: picocli lets those through
      code = new Failures(environment).handleError(err, failure);
    }
    writer.flush();
    if (out.failure() != null && code == ExitCodes.DONE) {
      err.println("lumina: cannot write to standard output: " + Failures.oneLine(out.failure()));
      code = ExitCodes.FAILED;
    }
    err.flush();
    return code;
  }

  private static int execute(
      Environment environment, PrintWriter out, PrintWriter err, List<String> args) {
    String first = args.isEmpty() ? "--help" : args.get(0);
    switch (first) {
      case "-h", "--help", "--help-all" -> {
        out.print(ProgramHelp.text());
        return ExitCodes.DONE;
      }
      case "-V", "--version" -> {
        Arrays.stream(new Version().getVersion()).forEach(out::println);
        return ExitCodes.DONE;
      }
      default -> {}
    }
    Failures failures = new Failures(environment);
    String name = Commands.find(first);
    if (name == null) {
      return failures.unknownCommand(
          out, err, args, CommandHints.unknownCommand(args, Commands.names()), NAME);
    }
    CommandLine program = commandLine(environment, List.of(name)).setOut(out).setErr(err);
    CommandLine command = program.getSubcommands().get(name);
    Arguments arguments;
    try {
      arguments = Arguments.read(command, args.subList(1, args.size()));
    } catch (ParameterException e) {
      return failures.handleParseException(e, args.toArray(new String[0]));
    }
    if (arguments.asked() == null) {
      return program.execute(arguments.words());
    }
    CommandLine asked = program;
    for (String inner : arguments.commands()) {
      asked = asked.getSubcommands().get(inner);
    }
    switch (arguments.asked()) {
      case VERSION -> Arrays.stream(new Version().getVersion()).forEach(out::println);
      case HELP -> out.print(HelpText.of(asked, false));
      case HELP_ALL -> out.print(HelpText.of(asked, true));
    }
    return ExitCodes.DONE;
  }

  /** The program with all its commands. */
  static CommandLine commandLine(Environment environment) {
    return commandLine(environment, Commands.names());
  }

  /** The program with some of its commands: the model of each takes its time to build. */
  static CommandLine commandLine(Environment environment, Collection<String> names) {
    Failures failures = new Failures(environment);
    CommandLine program = new CommandLine(new LuminaCommand());
    names.forEach(name -> program.addSubcommand(name, Commands.create(name, environment)));
    program
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setExitCodeExceptionMapper(ExitCodes::of)
        // A prompt may begin with @.
        .setExpandAtFiles(false)
        // Values are attached to their options when picocli gets them.
        .setAllowOptionsAsOptionParameters(true)
        .setEndOfOptionsDelimiter(Arguments.DELIMITER)
        .setUsageHelpWidth(HelpText.COLUMNS);
    Converters.registerIn(program);
    describeExitCodes(program);
    return program;
  }

  private static void describeExitCodes(CommandLine command) {
    Map<String, String> meanings = ExitCodes.meanings();
    CommandSpec spec = command.getCommandSpec();
    spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(meanings);
    command.getSubcommands().values().forEach(LuminaCommand::describeExitCodes);
  }
}

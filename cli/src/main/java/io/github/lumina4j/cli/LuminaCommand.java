package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
      "  lumina generate --model recipe:tiny --size 128x128 \"try it without a download\"",
      "  lumina help generate",
      "",
      "Variables:",
      "  LUMINA_MODEL  the checkpoint folder, where --model is not given; the demo model",
      "                if not set",
      "  LUMINA_CACHE  where the demo model and recipe checkpoints are kept;",
      "                ~/.cache/lumina4j if not set",
      "  HF_HOME       where pulled models are; ~/.cache/huggingface if not set",
      "  LUMINA_API_KEY  what clients of 'lumina serve' have to know",
      "  LUMINA_REWRITE_API_KEY  what the service of --rewrite asks for",
      "  LUMINA_DEBUG  1 shows where an error comes from",
      "  LUMINA_JAVA_OPTS  options for the Java machine, such as -Xmx8g"
    })
public final class LuminaCommand implements Callable<Integer> {
  /** Random seeds stay below this: short enough to read out, exact in every JSON reader. */
  private static final long RANDOM_SEEDS = 1L << 32;

  @Spec private CommandSpec spec;

  private LuminaCommand() {}

  /** Without a command there is nothing to do. */
  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    CancellationToken cancellation = new CancellationToken();
    Shutdown shutdown = Shutdown.cancelling(cancellation);
    Environment environment =
        new Environment(
            System.getenv(),
            shutdown.input(new FileInputStream(FileDescriptor.in)),
            Terminal.ofStandardStreams(),
            new LibraryBackend(),
            () -> ThreadLocalRandom.current().nextLong(RANDOM_SEEDS),
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
      code = commandLine(environment).setOut(writer).setErr(err).execute(args);
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

  /** The program with all its commands. */
  static CommandLine commandLine(Environment environment) {
    Failures failures = new Failures(environment);
    CommandLine program =
        new CommandLine(new LuminaCommand())
            .addSubcommand(new GenerateCommand(environment))
            .addSubcommand(new EditCommand(environment))
            .addSubcommand(new BatchCommand(environment))
            .addSubcommand(new ReconstructCommand(environment))
            .addSubcommand(new DecodeCommand(environment))
            .addSubcommand(new PullCommand(environment))
            .addSubcommand(new ListCommand(environment))
            .addSubcommand(new RmCommand(environment))
            .addSubcommand(new InspectCommand(environment))
            .addSubcommand(new ServeCommand(environment))
            .addSubcommand(new BenchCommand(environment))
            .addSubcommand(new DevicesCommand(environment))
            .addSubcommand(new DoctorCommand(environment))
            .addSubcommand(new TasksCommand(environment))
            .addSubcommand(new RecipeCommand(environment))
            .addSubcommand(new MergeCommand(environment))
            .addSubcommand(new QuantizeCommand(environment))
            .addSubcommand(new TokenizeCommand(environment))
            .addSubcommand(new EvaluateCommand(environment))
            .addSubcommand(DemoDataCommand.with(environment))
            .addSubcommand(new FinetuneCommand(environment))
            .addSubcommand(new TrainImageTokenizerCommand(environment))
            .addSubcommand(new CommandLine.HelpCommand())
            .addSubcommand(new CompletionCommand(environment))
            .addSubcommand(new ManCommand(environment));
    program
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setExitCodeExceptionMapper(ExitCodes::of)
        // A prompt may begin with @.
        .setExpandAtFiles(false)
        .setUsageHelpWidth(80);
    describeExitCodes(program);
    return program;
  }

  private static void describeExitCodes(CommandLine command) {
    Map<String, String> meanings = ExitCodes.meanings();
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(meanings);
    command.getSubcommands().values().forEach(LuminaCommand::describeExitCodes);
  }
}

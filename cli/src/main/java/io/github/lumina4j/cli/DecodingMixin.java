package io.github.lumina4j.cli;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.DecodingOptions.Initialization;
import io.github.lumina4j.DecodingOptions.Mode;
import java.util.Arrays;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How many codes a pass may decide, and of how many pictures. */
final class DecodingMixin {
  @Option(
      names = "--speculate",
      arity = "0..1",
      fallbackValue = "mc",
      paramLabel = "MODE",
      converter = Converters.DecodingMode.class,
      preprocessor = ModeOrNothing.class,
      description =
          "Decide several codes per pass, by speculative Jacobi decoding. Without changing the "
              + "distribution of pictures: mc, the fastest; gum, the very picture "
              + "of the same seed without --speculate; sjd, as published. Changing it: mc-lambda, "
              + "see --lambda; ref, as the Python program does it (default: mc).")
  private Mode mode;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Tokens that a pass of --speculate feeds, 4 to 64 (default: 16).")
  private Integer window;

  @Option(
      names = "--initialization",
      paramLabel = "NAME",
      converter = Converters.DraftInitialization.class,
      description =
          "Where the first guess for a place comes from: neighbour, random, left, above or auto "
              + "(default: auto).")
  private Initialization initialization;

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description =
          "With --speculate mc-lambda: how many times as likely a code may become; 1 is "
              + "mc (default: 1.1).")
  private Double lambda;

  @Option(
      names = "--together",
      paramLabel = "N",
      description =
          "Draw up to N pictures of one prompt side by side, in the same passes: 1 to 64 "
              + "(default: 8, with --speculate 1). Fewer where memory is short, and one where it is "
              + "watched (--preview, --keep-partial).")
  private Integer together;

  /**
   * What is asked for.
   *
   * @throws IllegalArgumentException if a value is out of its range, or without --speculate
   */
  DecodingOptions options() {
    if (mode == null && (window != null || initialization != null || lambda != null)) {
      throw new IllegalArgumentException(
          "--window, --initialization and --lambda need --speculate");
    }
    if (lambda != null && mode != Mode.MC_LAMBDA) {
      throw new IllegalArgumentException("--lambda needs --speculate mc-lambda");
    }
    DecodingOptions options = DecodingOptions.SEQUENTIAL;
    if (mode != null) {
      options = options.withMode(mode);
    }
    if (window != null) {
      between("--window", DecodingOptions.MIN_WINDOW, DecodingOptions.MAX_WINDOW, window);
      options = options.withWindow(window);
    }
    if (initialization != null) {
      options = options.withInitialization(initialization);
    }
    if (together != null) {
      between("--together", 1, DecodingOptions.MAX_TOGETHER, together);
      options = options.withTogether(together);
    }
    return lambda == null ? options : options.withLambda(lambda);
  }

  private static void between(String option, int least, int most, int given) {
    if (given < least || given > most) {
      throw new IllegalArgumentException(
          option + " must be between " + least + " and " + most + " (got " + given + ")");
    }
  }

  /** Lets {@code --speculate} stand before a prompt: the next word is its value if it is a mode. */
  static final class ModeOrNothing implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean attached = "=".equals(info.get("separator"));
      if (!attached
          && (args.isEmpty()
              || Arrays.stream(Mode.values()).noneMatch(m -> m.id().equals(args.peek())))) {
        args.push(Mode.MC.id());
      }
      return false;
    }
  }
}

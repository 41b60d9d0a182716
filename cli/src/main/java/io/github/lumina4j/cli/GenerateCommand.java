package io.github.lumina4j.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina generate}: a picture, or a pair of pictures, from words. */
@CommandLine.Command(
    name = "generate",
    header = "Make a picture, or a picture and a map of it, from words.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "The written file's name goes to standard output. A PNG file knows the whole",
      "request: 'lumina inspect FILE.png' prints it.",
      "",
      "Examples:",
      "  lumina generate \"a red circle left of a blue square\"",
      "  lumina generate --model Lumina-mGPT-2.0 \"a red fox in the snow\" -o fox.png",
      "  lumina generate -p \"a red fox\" --size 512x768 -n 4 -o 'fox-{seed}.png'",
      "  lumina generate --task pair-depth --size 512x1024 -p \"a small harbour\"",
      "  lumina generate \"a red fox\" --preview now.png --keep-partial",
      "  lumina generate \"a red circle\" --best-of 8 --verifier likelihood",
      "  lumina generate \"a red circle\" --best-of 8 --verifier 'python score.py'",
      "  lumina generate fox --rewrite http://localhost:11434/v1 --rewrite-model qwen3",
      "  lumina generate --model recipe:tiny --size 128x128 noise --json"
    })
final class GenerateCommand extends DrawingCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "The prompt; - reads it from standard input, as does no prompt in a pipe.")
  private String prompt;

  @Option(
      names = "--task",
      order = -2,
      paramLabel = "NAME",
      completionCandidates = TaskNames.FromText.class,
      description =
          "What kind of picture (default: t2i): ${COMPLETION-CANDIDATES}. " + "See 'lumina tasks'.")
  private String task = "t2i";

  @Mixin private BestOfOptions bestOf;
  @Mixin private RewriteOptions rewrite;

  GenerateCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    draw(
        new Wish(
            TaskNames.byName(task, false),
            prompt == null ? List.of() : List.of(prompt),
            "",
            Optional.empty(),
            Optional.empty(),
            bestOf.bestOf(),
            rewrite.rewrite(environment())));
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina edit}: a picture from a given one. */
@CommandLine.Command(
    name = "edit",
    header = "Make a picture from a given one.",
    description =
        "Edits it, draws what a map describes, shows its object elsewhere, or draws a map of it.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "The given picture is scaled and cropped to the upper panel; the model draws the",
      "lower one, which is what the file gets.",
      "",
      "Examples:",
      "  lumina edit fox.jpg \"make it night\" -o night.png",
      "  lumina edit in.png \"make the circle green\" \"add a star\" -o turn-{n}.png",
      "  lumina edit in.png --interactive",
      "  lumina edit depth.png --task i2i-depth -p \"a castle of sand\" --seed 7",
      "  lumina edit cup.jpg --task subject --description \"a blue cup\" -p \"on a beach\"",
      "  lumina edit photo.jpg --task dense-depth -o depth.png"
    })
final class EditCommand extends DrawingCommand {
  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "The given picture: PNG, JPEG, WebP, BMP, GIF or TIFF; - is standard input.")
  private Path input;

  @Parameters(
      index = "1..*",
      paramLabel = "PROMPT",
      description =
          "The prompt. Several are turns: each begins with the picture of the one before, and each"
              + " picture is written; {n} in its name is the number of the turn.")
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = "--task",
      order = -2,
      paramLabel = "NAME",
      completionCandidates = TaskNames.FromPicture.class,
      description =
          "What to make of it (default: edit): ${COMPLETION-CANDIDATES}. See 'lumina tasks'.")
  private String task = "edit";

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "What the given picture shows, where the task asks for it.")
  private String description = "";

  @Option(
      names = "--whole",
      description = "Write both panels, the given picture above, the new one below.")
  private boolean whole;

  @Mixin private IccOption icc;

  @Option(
      names = "--interactive",
      description =
          "Read instructions from standard input, one a line, each a turn; help lists the commands "
              + "(undo, save, set, show, quit). Ctrl-C cancels a turn, twice ends.")
  private boolean interactive;

  EditCommand(Environment environment) {
    super(environment);
  }

  private RgbImage given() {
    return StandardInput.picture(input, environment().in(), icc.readOptions());
  }

  @Override
  protected void run() {
    Task wanted = TaskNames.byName(task, true);
    if (StandardInput.is(input) && prompts.contains(StandardInput.NAME)) {
      throw new IllegalArgumentException("- can be the picture or the prompt, not both");
    }
    if (interactive && StandardInput.is(input)) {
      throw new IllegalArgumentException(
          "--interactive reads instructions from standard input: the picture cannot be -");
    }
    Given given = new Given(input, given());
    if (interactive) {
      if (whole || !prompts.isEmpty()) {
        throw new IllegalArgumentException(
            "--interactive cannot be combined with --whole or PROMPT");
      }
      converse(wanted, description, given);
      return;
    }
    draw(
        new Wish(
            wanted,
            prompts,
            description,
            Optional.of(given),
            whole ? Optional.of(Panel.WHOLE) : Optional.empty(),
            BestOf.NONE,
            Optional.empty()));
  }
}

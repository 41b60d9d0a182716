package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Draws DPG-Bench's prompts: for each item one PNG of that name, in which four pictures stand two
 * by two.
 */
final class DpgRun {
  private static final int SAMPLES = 4;
  private static final int COLUMNS = 2;

  private record Report(String folder, int prompts, long drawn, long earlier) {}

  /** An item whose file is not there yet. */
  private record Missing(int index, DpgPrompts.Item item, Path file) {}

  private final Command command;
  private final BenchmarkDrawing drawing;
  private final Path folder;
  private final Unwritten unwritten;

  DpgRun(Command command, BenchmarkDrawing drawing, Path folder) {
    this.command = command;
    this.drawing = drawing;
    this.folder = folder;
    unwritten = new Unwritten(command);
  }

  /** Draws all items; those that are there are kept. */
  void run(DpgPrompts prompts) {
    EvaluationFolder.create(folder);
    List<Missing> missing = new ArrayList<>();
    for (int i = 0; i < prompts.items().size(); i++) {
      DpgPrompts.Item item = prompts.items().get(i);
      drawing.request(item.prompt(), i); // refuses what no picture can be drawn for, before any is
      Path file = folder.resolve(item.name() + ".png");
      if (!Files.exists(file)) {
        ImageFiles.checkWritable(file);
        missing.add(new Missing(i, item, file));
      }
    }
    if (!missing.isEmpty()) {
      draw(missing);
    }
    Report report =
        new Report(
            folder.toString(),
            prompts.items().size(),
            missing.size(),
            prompts.items().size() - missing.size());
    if (command.report().json()) {
      command.json(report, unwritten.problem());
    } else {
      command
          .out()
          .println(
              folder
                  + (": " + report.drawn + " grids drawn")
                  + (report.earlier > 0 ? ", " + report.earlier + " there before" : ""));
    }
    unwritten.end();
  }

  private void draw(List<Missing> missing) {
    try (Backend.Session session = command.open(drawing.model());
        CountingProgress progress =
            CountingProgress.of(
                command.environment().terminal(),
                command.report().quiet(),
                command.err(),
                "grids",
                missing.size())) {
      long done = 0;
      for (Missing next : missing) {
        command.checkCancelled();
        String words = drawing.words(next.item().prompt(), command.environment().cancellation());
        GenerationRequest request = drawing.request(words, next.index());
        List<RgbImage> samples = new ArrayList<>();
        drawing.draw(
            session,
            request,
            0,
            SAMPLES,
            command.environment().cancellation(),
            samples::add,
            candidate -> {
              // Not in the folder itself, whose pictures the benchmark counts.
              Path candidates = folder.resolve("candidates");
              EvaluationFolder.create(candidates);
              Path file =
                  BestOf.candidateFile(candidates.resolve(next.item().name() + ".png"), candidate);
              RgbImage picture = candidate.image();
              progress.say("kept " + unwritten.file(Rescue.picture(file, picture, null, Map.of())));
            });
        RgbImage grid = Panels.grid(samples, COLUMNS);
        unwritten.file(Rescue.picture(next.file(), grid, null, Map.of()));
        progress.stepTo(++done);
      }
    }
  }
}

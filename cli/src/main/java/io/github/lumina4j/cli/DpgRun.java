package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.Panels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  DpgRun(Command command, BenchmarkDrawing drawing, Path folder) {
    this.command = command;
    this.drawing = drawing;
    this.folder = folder;
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
        missing.add(new Missing(i, item, file));
      }
    }
    if (!missing.isEmpty()) {
      ImageFiles.checkWritable(missing.get(0).file());
      draw(missing);
    }
    Report report =
        new Report(
            folder.toString(),
            prompts.items().size(),
            missing.size(),
            prompts.items().size() - missing.size());
    command
        .out()
        .println(
            command.report().json()
                ? JsonText.of(report)
                : folder
                    + (": " + report.drawn + " grids drawn")
                    + (report.earlier > 0 ? ", " + report.earlier + " there before" : ""));
  }

  private void draw(List<Missing> missing) {
    command.checkCancelled();
    command.note("loading " + drawing.model().model().orElseThrow());
    try (Backend.Session session = command.backend().open(drawing.model());
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
            session, request, 0, SAMPLES, command.environment().cancellation(), samples::add);
        ImageFiles.write(next.file(), Panels.grid(samples, COLUMNS));
        progress.stepTo(++done);
      }
    }
  }
}

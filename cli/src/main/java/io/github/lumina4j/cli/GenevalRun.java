package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws GenEval's prompts into the folders that the benchmark reads: {@code 00000/metadata.jsonl},
 * {@code 00000/samples/00000.png} and so on, one folder per prompt. With a rewriter, {@code
 * 00000/rewritten.txt} keeps what was drawn, so that a run that goes on draws the same.
 */
final class GenevalRun {
  private static final int MAX_BYTES = 1 << 16;

  private record Report(String folder, int prompts, int samples, long drawn, long earlier) {}

  /** Samples of a prompt that are not there yet and follow one another. */
  private record Missing(int prompt, int first, List<Path> files) {}

  private final Command command;
  private final BenchmarkDrawing drawing;
  private final Path folder;
  private final Unwritten unwritten;

  GenevalRun(Command command, BenchmarkDrawing drawing, Path folder) {
    this.command = command;
    this.drawing = drawing;
    this.folder = folder;
    unwritten = new Unwritten(command);
  }

  /** Draws that many pictures for each prompt; those that are there are kept. */
  void run(GenevalPrompts prompts, int samples) {
    List<Missing> missing = new ArrayList<>();
    for (int i = 0; i < prompts.lines().size(); i++) {
      // Refuses what no picture can be drawn for, before any is.
      drawing.request(prompts.lines().get(i).prompt(), i);
      EvaluationFolder.create(own(i).resolve("samples"));
      TextFiles.write(own(i).resolve("metadata.jsonl"), prompts.lines().get(i).metadata() + "\n");
      missing.addAll(missing(i, samples));
    }
    long drawn = missing.stream().mapToLong(some -> some.files().size()).sum();
    if (drawn > 0) {
      draw(prompts, missing, drawn);
    }
    long all = (long) prompts.lines().size() * samples;
    Report report =
        new Report(folder.toString(), prompts.lines().size(), samples, drawn, all - drawn);
    if (command.report().json()) {
      command.json(report, unwritten.problem());
    } else {
      command
          .out()
          .println(
              folder
                  + (": " + report.drawn + " pictures drawn")
                  + (report.earlier > 0 ? ", " + report.earlier + " there before" : ""));
    }
    unwritten.end();
  }

  private List<Missing> missing(int prompt, int samples) {
    List<Missing> missing = new ArrayList<>();
    boolean open = false; // the last of them ends right before the next sample
    for (int sample = 0; sample < samples; sample++) {
      Path file = own(prompt).resolve("samples").resolve(number(sample) + ".png");
      if (Files.exists(file)) {
        open = false;
        continue;
      }
      ImageFiles.checkWritable(file);
      if (!open) {
        missing.add(new Missing(prompt, sample, new ArrayList<>()));
        open = true;
      }
      missing.get(missing.size() - 1).files().add(file);
    }
    return missing;
  }

  private void draw(GenevalPrompts prompts, List<Missing> missing, long total) {
    try (Backend.Session session = command.open(drawing.model());
        CountingProgress progress =
            CountingProgress.of(
                command.environment().terminal(),
                command.report().quiet(),
                command.err(),
                "pictures",
                total)) {
      long[] done = {0};
      for (Missing some : missing) {
        command.checkCancelled();
        String words = words(prompts.lines().get(some.prompt()).prompt(), own(some.prompt()));
        GenerationRequest request = drawing.request(words, some.prompt());
        Iterator<Path> files = some.files().iterator();
        drawing.draw(
            session,
            request,
            some.first(),
            some.files().size(),
            command.environment().cancellation(),
            picture -> {
              unwritten.file(Rescue.picture(files.next(), picture, null, Map.of()));
              progress.stepTo(++done[0]);
            },
            candidate -> {
              // Not among the samples, which the benchmark counts.
              Path file =
                  BestOf.candidateFile(own(some.prompt()).resolve("candidate.png"), candidate);
              RgbImage picture = candidate.image();
              progress.say("kept " + unwritten.file(Rescue.picture(file, picture, null, Map.of())));
            });
      }
    }
  }

  private String words(String prompt, Path own) {
    if (drawing.rewrite().isEmpty()) {
      return prompt;
    }
    Path file = own.resolve("rewritten.txt");
    if (!Files.exists(file)) {
      TextFiles.write(file, drawing.words(prompt, command.environment().cancellation()) + "\n");
    }
    return TextFiles.read(file, MAX_BYTES).strip();
  }

  private Path own(int prompt) {
    return folder.resolve(number(prompt));
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%05d", value);
  }
}

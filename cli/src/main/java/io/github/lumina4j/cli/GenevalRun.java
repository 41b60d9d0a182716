package io.github.lumina4j.cli;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Draws GenEval's prompts into the folders that the benchmark reads: {@code 00000/metadata.jsonl},
 * {@code 00000/samples/00000.png} and so on, one folder per prompt.
 */
final class GenevalRun {
  private record Report(String folder, int prompts, int samples, long drawn, long earlier) {}

  /** A picture that is not there yet. */
  private record Missing(int prompt, int sample, Path file) {}

  private final Command command;
  private final PipelineOptions model;
  private final SamplingOptions sampling;
  private final DecodingOptions decoding;
  private final Optional<ImageSize> size;
  private final Path folder;
  private final Unwritten unwritten;

  GenevalRun(
      Command command,
      PipelineOptions model,
      SamplingOptions sampling,
      DecodingOptions decoding,
      Optional<ImageSize> size,
      Path folder) {
    this.command = command;
    this.model = model;
    this.sampling = sampling;
    this.decoding = decoding;
    this.size = size;
    this.folder = folder;
    unwritten = new Unwritten(command);
  }

  /** Draws that many pictures for each prompt; those that are there are kept. */
  void run(GenevalPrompts prompts, int samples) {
    List<Missing> missing = new ArrayList<>();
    for (int i = 0; i < prompts.lines().size(); i++) {
      request(prompts, i, 0); // refuses what no picture can be drawn for, before any is
      Path own = folder.resolve(number(i));
      EvaluationFolder.create(own.resolve("samples"));
      TextFiles.write(own.resolve("metadata.jsonl"), prompts.lines().get(i).metadata() + "\n");
      for (int sample = 0; sample < samples; sample++) {
        Path file = own.resolve("samples").resolve(number(sample) + ".png");
        if (!Files.exists(file)) {
          ImageFiles.checkWritable(file);
          missing.add(new Missing(i, sample, file));
        }
      }
    }
    if (!missing.isEmpty()) {
      draw(prompts, missing);
    }
    long all = (long) prompts.lines().size() * samples;
    Report report =
        new Report(
            folder.toString(),
            prompts.lines().size(),
            samples,
            missing.size(),
            all - missing.size());
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

  private void draw(GenevalPrompts prompts, List<Missing> missing) {
    try (Backend.Session session = command.open(model);
        CountingProgress progress =
            CountingProgress.of(
                command.environment().terminal(),
                command.report().quiet(),
                command.err(),
                "pictures",
                missing.size())) {
      long done = 0;
      for (Missing picture : missing) {
        command.checkCancelled();
        RgbImage drawn =
            session
                .generate(
                    request(prompts, picture.prompt(), picture.sample()),
                    step -> {},
                    command.environment().cancellation())
                .image();
        unwritten.file(Rescue.picture(picture.file(), drawn, null, Map.of()));
        progress.stepTo(++done);
      }
    }
  }

  private GenerationRequest request(GenevalPrompts prompts, int prompt, int sample) {
    // A seed of its own for every prompt, whatever was drawn before.
    long first = new SplitMix(sampling.seed(), prompt).nextLong() >>> 1;
    GenerationRequest.Builder builder =
        GenerationRequest.builder(prompts.lines().get(prompt).prompt())
            .sampling(sampling.withSeed(first + sample))
            .decoding(decoding);
    size.ifPresent(builder::size);
    return builder.build();
  }

  private static String number(int value) {
    return String.format(Locale.ROOT, "%05d", value);
  }
}

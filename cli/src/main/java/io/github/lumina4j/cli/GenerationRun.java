package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the pictures of a command, one after the other, and reports on them. */
final class GenerationRun {
  /** What a command asked for; the request has the seed of the first picture. */
  record Plan(
      GenerationRequest request,
      Optional<Path> image,
      Panel panel,
      PipelineOptions model,
      List<PlannedPicture> pictures) {

    private RequestRecord record(GenerationRequest request) {
      return RequestRecord.of(request, image, panel, model);
    }
  }

  /** The JSON report: the request with the first seed, then what became of each picture. */
  private record Report(
      RequestRecord request,
      long seed,
      List<String> files,
      List<PictureReport> pictures,
      Totals stats,
      Failure error) {}

  private record PictureReport(
      String file,
      String tokens,
      long seed,
      int width,
      int height,
      int rows,
      int columns,
      boolean complete,
      double tokensPerSecond,
      double codesPerPass,
      GenerationStats stats) {}

  private record Totals(
      double loadSeconds, double seconds, long generatedTokens, long peakMemoryBytes) {}

  private record Failure(String code, String message) {}

  private final Command command;
  private final Plan plan;
  private final List<PictureReport> made = new ArrayList<>();
  private double loadSeconds;

  GenerationRun(Command command, Plan plan) {
    this.command = command;
    this.plan = plan;
  }

  /** Makes all pictures; what is made before a failure stays and is reported. */
  void run() {
    try {
      command.checkCancelled();
      command.note("loading " + plan.model().model().orElseThrow());
      long start = System.nanoTime();
      try (Backend.Session session = command.backend().open(plan.model())) {
        loadSeconds = (System.nanoTime() - start) / 1e9;
        for (PlannedPicture picture : plan.pictures()) {
          command.checkCancelled();
          make(session, picture);
        }
      }
      reportJson(null);
    } catch (LuminaException failure) {
      reportJson(new Failure(failure.code().id(), Failures.oneLine(failure.getMessage())));
      throw failure;
    }
  }

  private void make(Backend.Session session, PlannedPicture picture) {
    GenerationRequest request = plan.request().withSeed(picture.seed());
    GenerationResult result;
    try (ProgressDisplay display =
        ProgressDisplay.of(
            command.environment().terminal(),
            command.report().quiet(),
            command.err(),
            title(picture))) {
      result = session.generate(request, display, command.environment().cancellation());
    }
    write(picture, result);
  }

  private void write(PlannedPicture picture, GenerationResult result) {
    // A partial picture has no halves: it is kept whole.
    Panel panel = result.complete() ? plan.panel() : Panel.WHOLE;
    RequestRecord record = plan.record(result.request());
    picture
        .tokens()
        .ifPresent(
            file -> TokenFile.of(result.codes(), result.complete(), panel, record).write(file));
    PictureText.write(picture.file(), panel.of(result.image()), record);
    GenerationStats stats = result.stats();
    made.add(
        new PictureReport(
            picture.file().toString(),
            picture.tokens().map(Path::toString).orElse(null),
            picture.seed(),
            result.image().width(),
            result.image().height(),
            result.codes().rows(),
            result.codes().columns(),
            result.complete(),
            stats.tokensPerSecond(),
            stats.meanCodesPerPass(),
            stats));
    if (!command.report().json()) {
      command.out().println(picture.file());
      command.out().flush();
    }
    command.note(
        title(picture)
            + (": " + result.image().width() + "x" + result.image().height())
            + (", seed " + picture.seed())
            + (", " + Units.duration(stats.totalSeconds()))
            + (", " + stats.generatedTokens() + " tokens")
            + (", " + Units.decimal(stats.tokensPerSecond(), 1) + " tokens/s")
            + (result.request().decoding().speculative()
                ? ", " + Units.decimal(stats.meanCodesPerPass(), 2) + " codes/pass"
                : "")
            + (result.complete() ? "" : "; only " + result.codes().rows() + " rows exist"));
  }

  private String title(PlannedPicture picture) {
    int count = plan.pictures().size();
    return count == 1 ? "picture" : "picture " + picture.number() + " of " + count;
  }

  private void reportJson(Failure failure) {
    if (!command.report().json()) {
      return;
    }
    Totals totals =
        new Totals(
            loadSeconds,
            made.stream().mapToDouble(picture -> picture.stats().totalSeconds()).sum(),
            made.stream().mapToLong(picture -> picture.stats().generatedTokens()).sum(),
            made.stream().mapToLong(picture -> picture.stats().peakMemoryBytes()).max().orElse(0));
    command
        .out()
        .println(
            JsonText.of(
                new Report(
                    plan.record(plan.request()),
                    plan.request().sampling().seed(),
                    made.stream().map(PictureReport::file).toList(),
                    List.copyOf(made),
                    totals,
                    failure)));
  }
}

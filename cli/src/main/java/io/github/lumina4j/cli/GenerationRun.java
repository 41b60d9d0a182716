package io.github.lumina4j.cli;

import io.github.lumina4j.EditSession;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.model.GenerationDefaults;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the pictures of a command, one after the other, and reports on them. */
final class GenerationRun {
  /** What a command asked for; the request has the seed of the first picture. */
  record Plan(
      GenerationRequest request,
      Optional<Path> image,
      Panel panel,
      PipelineOptions model,
      List<PlannedPicture> pictures,
      BestOf bestOf,
      Optional<UsedRewrite> rewrite,
      Optional<Turns> turns) {

    private RequestRecord record(GenerationRequest request) {
      return RequestRecord.of(request, image, panel, model).withRewrite(rewrite.orElse(null));
    }
  }

  /**
   * Instructions that follow each other, one for each picture.
   *
   * @param picture that the first begins with
   * @param settings an instruction as a request
   */
  record Turns(
      RgbImage picture,
      List<String> instructions,
      Function<String, GenerationRequest.Builder> settings,
      GenerationDefaults defaults) {}

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
      Double score,
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
  private String title;
  private int candidate;

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
        Generator generator = shown(session);
        Optional<EditSession> editing =
            plan.turns()
                .map(turns -> EditSession.open(generator, turns.picture(), turns.settings()));
        for (PlannedPicture picture : plan.pictures()) {
          command.checkCancelled();
          title = title(picture);
          candidate = 0;
          if (editing.isPresent()) {
            turn(editing.get(), picture);
          } else {
            make(generator, picture);
          }
        }
      }
      reportJson(null);
    } catch (LuminaException failure) {
      reportJson(new Failure(failure.code().id(), Failures.oneLine(failure.getMessage())));
      throw failure;
    }
  }

  /** The model, with the progress of each picture on standard error. */
  private Generator shown(Backend.Session session) {
    return (request, listener, cancellation) -> {
      candidate++;
      int candidates = plan.bestOf().count();
      String which = candidates == 1 ? "" : ", candidate " + candidate + " of " + candidates;
      try (ProgressDisplay display =
          ProgressDisplay.of(
              command.environment().terminal(),
              command.report().quiet(),
              command.err(),
              title + which)) {
        GenerationRequest resolved =
            plan.turns().map(turns -> request.resolve(turns.defaults())).orElse(request);
        return session.generate(resolved, display, cancellation);
      }
    };
  }

  private void make(Generator generator, PlannedPicture picture) {
    BestOf.Chosen chosen =
        plan.bestOf()
            .draw(
                generator,
                plan.request().withSeed(picture.seed()),
                command.environment().cancellation());
    chosen.writeSheet(picture.file());
    write(
        picture, chosen.result(), plan.record(chosen.result().request()).withBestOf(chosen.used()));
  }

  private void turn(EditSession editing, PlannedPicture picture) {
    int number = picture.number();
    GenerationResult result =
        editing.apply(
            plan.turns().orElseThrow().instructions().get(number - 1),
            null,
            command.environment().cancellation());
    Path original = plan.image().orElseThrow();
    Path before = number == 1 ? original : plan.pictures().get(number - 2).file();
    write(
        picture,
        result,
        RequestRecord.of(result.request(), Optional.of(before), plan.panel(), plan.model())
            .withTurn(new UsedTurn(number, RequestRecord.lastName(original))));
  }

  private void write(PlannedPicture picture, GenerationResult result, RequestRecord record) {
    // A partial picture has no halves: it is kept whole.
    Panel panel = result.complete() ? plan.panel() : Panel.WHOLE;
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
            record.seed(),
            result.image().width(),
            result.image().height(),
            result.codes().rows(),
            result.codes().columns(),
            result.complete(),
            record.bestOf() == null ? null : record.bestOf().score(),
            stats.tokensPerSecond(),
            stats.meanCodesPerPass(),
            stats));
    if (!command.report().json()) {
      command.out().println(picture.file());
      command.out().flush();
    }
    command.note(
        title
            + (": " + result.image().width() + "x" + result.image().height())
            + (", seed " + record.seed())
            + (", " + Units.duration(stats.totalSeconds()))
            + (", " + stats.generatedTokens() + " tokens")
            + (", " + Units.decimal(stats.tokensPerSecond(), 1) + " tokens/s")
            + (result.request().decoding().speculative()
                ? ", " + Units.decimal(stats.meanCodesPerPass(), 2) + " codes/pass"
                : "")
            + (record.bestOf() == null
                ? ""
                : ", score " + CandidateSheet.score(record.bestOf().score()))
            + (result.complete() ? "" : "; only " + result.codes().rows() + " rows exist"));
  }

  private String title(PlannedPicture picture) {
    int count = plan.pictures().size();
    String what = plan.turns().isPresent() ? "turn" : "picture";
    return count == 1 ? what : what + " " + picture.number() + " of " + count;
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

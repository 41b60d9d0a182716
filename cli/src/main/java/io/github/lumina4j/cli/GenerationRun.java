package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.EditSession;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.GenerationStats;
import io.github.lumina4j.Generator;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Preview;
import io.github.lumina4j.Progress;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.model.GenerationDefaults;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes the pictures of a command and reports on them. */
final class GenerationRun {
  /** What a command asked for; the request has the seed of the first picture. */
  record Plan(
      GenerationRequest request,
      Optional<Path> image,
      Panel panel,
      PipelineOptions model,
      List<PlannedPicture> pictures,
      PreviewOptions preview,
      OpenOption open,
      BestOf bestOf,
      Optional<UsedRewrite> rewrite,
      Optional<String> advice,
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

  /**
   * The JSON report: the request with the first seed, then what became of each picture; {@code
   * advice} is null where there is none.
   */
  private record Report(
      RequestRecord request,
      String advice,
      List<String> files,
      List<PictureReport> pictures,
      Totals stats) {}

  /** The last three are null for a picture that was cancelled. */
  private record PictureReport(
      String file,
      String tokens,
      BigInteger seed,
      int width,
      int height,
      int rows,
      int columns,
      boolean complete,
      Double score,
      Double tokensPerSecond,
      Double codesPerPass,
      GenerationStats stats) {}

  private record Totals(
      double loadSeconds, double seconds, long generatedTokens, long peakMemoryBytes) {}

  private final Command command;
  private final Plan plan;
  private final List<PictureReport> made = new ArrayList<>();
  private final Unwritten unwritten;
  private final CancellationToken stop = new CancellationToken();
  private double loadSeconds;
  private PlannedPicture current;
  private int drawn; // of the pictures, or of the candidates of the current one

  GenerationRun(Command command, Plan plan) {
    this.command = command;
    this.plan = plan;
    unwritten = new Unwritten(command);
  }

  /** Makes all pictures; what is made before a failure stays and is reported. */
  void run() {
    try {
      PictureText.check(plan.record(plan.request()));
      long start = System.nanoTime();
      try (Backend.Session session = command.open(plan.model());
          CancellationToken.Registration end =
              command.environment().cancellation().onCancel(stop::cancel);
          Interrupts.Held held = holdInterrupts()) {
        loadSeconds = (System.nanoTime() - start) / 1e9;
        Generator generator = new Shown(session);
        Optional<EditSession> editing =
            plan.turns()
                .map(turns -> EditSession.open(generator, turns.picture(), turns.settings()));
        if (editing.isEmpty() && plan.bestOf().count() == 1) {
          generator.generateAll(
              plan.request(),
              plan.pictures().size(),
              null,
              stop,
              result -> {
                current = plan.pictures().get(made.size());
                write(result, record(result.request()));
              });
        } else {
          for (PlannedPicture picture : plan.pictures()) {
            if (stop.isCancelled()) {
              throw new GenerationCancelledException("cancelled");
            }
            current = picture;
            if (editing.isPresent()) {
              turn(editing.get(), picture);
            } else {
              drawn = 0;
              choose(session, generator, picture);
            }
          }
        }
      }
      unwritten.end();
      reportJson(null);
    } catch (LuminaException failure) {
      reportJson(failure);
      throw failure;
    }
  }

  /**
   * With {@code --keep-partial}, Ctrl-C stops the picture but not yet the program: decoding the
   * rows that exist may take longer than a program that is ending has. The second ends it.
   */
  private Interrupts.Held holdInterrupts() {
    if (!plan.preview().keepPartial()) {
      return () -> {};
    }
    Interrupts interrupts = command.environment().interrupts();
    return interrupts.hold(
        () -> {
          if (stop.isCancelled()) {
            interrupts.end();
          } else {
            stop.cancel();
          }
        });
  }

  /** The model, with its pictures under watch. */
  private final class Shown implements Generator {
    private final Backend.Session session;

    Shown(Backend.Session session) {
      this.session = session;
    }

    @Override
    public GenerationResult generate(
        GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
      if (plan.bestOf().count() == 1) {
        current = plan.pictures().get(drawn);
      }
      GenerationRequest resolved = resolved(request);
      PictureWatch watch =
          new PictureWatch(
              command, title(drawn + 1, 1), plan.preview(), plan.panel(), resolved.rowsGiven());
      try (watch) {
        GenerationResult result = session.generate(resolved, watch, cancellation);
        drawn++;
        return result;
      } catch (GenerationCancelledException e) {
        if (plan.preview().keepPartial()) {
          keepRows(resolved, watch.drawn());
        }
        throw e;
      }
    }

    private GenerationRequest resolved(GenerationRequest request) {
      return plan.turns().map(turns -> request.resolve(turns.defaults())).orElse(request);
    }

    @Override
    public void check(GenerationRequest request) {
      session.check(resolved(request));
    }

    @Override
    public void generateAll(
        GenerationRequest request,
        int count,
        ProgressListener listener,
        CancellationToken cancellation,
        Consumer<GenerationResult> results) {
      if (count == 1 || plan.preview().wanted()) {
        Generator.oneByOne(this, request, count, listener, cancellation, results);
        return;
      }
      try (SeveralDisplay display = new SeveralDisplay(request.rowsGiven())) {
        session.generateAll(
            request,
            count,
            display,
            cancellation,
            result -> {
              display.close();
              drawn++;
              results.accept(result);
            });
      }
    }
  }

  /** Shows how far the pictures are that are drawn together, then the next of them. */
  private final class SeveralDisplay implements ProgressListener, AutoCloseable {
    private final int rowsGiven;
    private ProgressDisplay display; // null between two groups of pictures

    SeveralDisplay(int rowsGiven) {
      this.rowsGiven = rowsGiven;
    }

    @Override
    public void onProgress(Progress progress) {
      if (display == null) {
        display =
            ProgressDisplay.of(
                command.environment().terminal(),
                command.report().quiet(),
                command.err(),
                title(drawn + 1, progress.pictures()));
      }
      display.onProgress(progress.withoutGiven(rowsGiven));
    }

    @Override
    public void close() {
      if (display != null) {
        display.close();
        display = null;
      }
    }
  }

  /** Writes what exists of a picture that was cancelled. */
  private void keepRows(GenerationRequest request, Optional<Preview> exist) {
    String title = title(current);
    if (exist.isEmpty()) {
      command.note(title + ": nothing to keep, no row was drawn");
      return;
    }
    Preview rows = exist.get();
    int given = request.image().isPresent() ? rows.rowsTotal() / 2 : 0;
    String part = (rows.rowsDone() - given) + " of " + (rows.rowsTotal() - given) + " rows";
    command.note(title + ": decoding " + part + " to keep them; Ctrl-C ends without");
    RgbImage whole = rows.decoded();
    RequestRecord record = record(request).withPartial(UsedRows.of(rows));
    boolean complete = record.partial() == null;
    WrittenFiles files =
        writeFiles(
            rows.codes(),
            complete,
            complete ? plan.panel() : Panel.WHOLE,
            plan.panel().of(whole),
            record);
    made.add(
        new PictureReport(
            files.picture(),
            files.codes(),
            record.seed(),
            whole.width(),
            whole.height(),
            rows.rowsDone(),
            rows.codes().columns(),
            complete,
            null,
            null,
            null,
            null));
    command.note(title + ": " + part + " kept");
  }

  /** How {@code request}, as the model got it, goes into the current picture's files. */
  private RequestRecord record(GenerationRequest request) {
    if (plan.turns().isEmpty()) {
      return plan.record(request);
    }
    int number = current.number();
    Path original = plan.image().orElseThrow();
    Path before = number == 1 ? original : plan.pictures().get(number - 2).file();
    return RequestRecord.of(request, Optional.of(before), plan.panel(), plan.model())
        .withTurn(new UsedTurn(number, RequestRecord.lastName(original)));
  }

  private void choose(Backend.Session session, Generator generator, PlannedPicture picture) {
    BestOf.Chosen chosen =
        plan.bestOf()
            .draw(session, generator, plan.request().withSeed(picture.seed()), stop, this::keep);
    write(chosen.result(), record(chosen.result().request()).withBestOf(chosen.used()));
    unwritten.unless(() -> chosen.writeSheet(picture.file()));
  }

  /** Writes a candidate that was drawn although nothing could choose among them. */
  private void keep(GenerationResult candidate) {
    Path file = BestOf.candidateFile(current.file(), candidate);
    RequestRecord record = record(candidate.request());
    Path written =
        unwritten.file(Rescue.picture(file, plan.panel().of(candidate.image()), record, Map.of()));
    command.note("kept " + written);
  }

  private void turn(EditSession editing, PlannedPicture picture) {
    String instruction = plan.turns().orElseThrow().instructions().get(picture.number() - 1);
    GenerationResult result = editing.apply(instruction, null, stop);
    write(result, record(result.request()));
  }

  private void write(GenerationResult result, RequestRecord record) {
    // A partial picture has no halves: it is kept whole.
    Panel panel = result.complete() ? plan.panel() : Panel.WHOLE;
    WrittenFiles files =
        writeFiles(result.codes(), result.complete(), panel, panel.of(result.image()), record);
    GenerationStats stats = result.stats();
    made.add(
        new PictureReport(
            files.picture(),
            files.codes(),
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
    command.note(
        title(current)
            + (": " + result.image().width() + "x" + result.image().height())
            + scaled(result)
            + (", seed " + record.seed())
            + (", " + Units.duration(stats.totalSeconds()))
            + (", " + stats.generatedTokens() + " tokens")
            + (", " + Units.decimal(stats.tokensPerSecond(), 1) + " tokens/s")
            + (stats.together() == 1 ? "" : ", " + stats.together() + " together")
            + (result.request().decoding().speculative()
                ? ", " + Units.decimal(stats.meanCodesPerPass(), 2) + " codes/pass"
                : "")
            + (record.bestOf() == null
                ? ""
                : ", score " + CandidateSheet.score(record.bestOf().score()))
            + (result.complete() ? "" : "; only " + result.codes().rows() + " rows exist"));
  }

  /** What became of a given picture of another size than the panel that it goes into. */
  private static String scaled(GenerationResult result) {
    GenerationRequest request = result.request();
    ImageSize whole = request.size();
    ImageSize panel = new ImageSize(whole.width(), whole.height() / request.task().panels());
    return request
        .image()
        .map(picture -> new ImageSize(picture.width(), picture.height()))
        .filter(given -> !given.equals(panel))
        .map(given -> " (the given " + given + " was scaled to " + panel + "; see --size)")
        .orElse("");
  }

  /** Where a picture went; {@code codes} is null if its codes were not wanted or not written. */
  private record WrittenFiles(String picture, String codes) {}

  /**
   * The picture first: nothing that fails beside it costs it.
   *
   * @param panel what is the answer of the picture that the codes make
   */
  private WrittenFiles writeFiles(
      ImageCodes codes, boolean complete, Panel panel, RgbImage picture, RequestRecord record) {
    boolean standardOutput = StandardInput.is(current.file());
    Path file =
        standardOutput
            ? current.file()
            : unwritten.file(Rescue.picture(current.file(), picture, record, Map.of()));
    if (!standardOutput) {
      if (!command.report().json()) {
        command.out().println(file);
        command.out().flush();
      }
      plan.open().show(command, file);
    }
    List<Path> saved = new ArrayList<>();
    current
        .tokens()
        .ifPresent(
            path ->
                unwritten.unless(
                    () ->
                        saved.add(
                            unwritten.file(
                                Rescue.codes(
                                    path, TokenFile.of(codes, complete, panel, record))))));
    if (standardOutput) { // which nothing else can stand in for: the last
      command.writePictureOut(picture, PictureText.chunks(record));
    }
    return new WrittenFiles(file.toString(), saved.isEmpty() ? null : saved.get(0).toString());
  }

  private String title(PlannedPicture picture) {
    return words(
        plan.turns().isPresent() ? "turn" : "picture", picture.number(), 1, plan.pictures().size());
  }

  /** Of {@code count} pictures, or candidates of the current one, from number {@code first} on. */
  private String title(int first, int count) {
    int candidates = plan.bestOf().count();
    if (candidates > 1) {
      return title(current) + ", " + words("candidate", first, count, candidates);
    }
    return words(
        plan.turns().isPresent() ? "turn" : "picture", first, count, plan.pictures().size());
  }

  private static String words(String what, int first, int count, int total) {
    if (total == 1) {
      return what;
    }
    return count == 1
        ? what + " " + first + " of " + total
        : what + "s " + first + " to " + (first + count - 1) + " of " + total;
  }

  private void reportJson(LuminaException failure) {
    if (!command.report().json()) {
      return;
    }
    List<GenerationStats> stats =
        made.stream().map(PictureReport::stats).filter(Objects::nonNull).toList();
    Totals totals =
        new Totals(
            loadSeconds,
            stats.stream().mapToDouble(GenerationStats::totalSeconds).sum(),
            stats.stream().mapToLong(GenerationStats::generatedTokens).sum(),
            stats.stream().mapToLong(GenerationStats::peakMemoryBytes).max().orElse(0));
    command.json(
        new Report(
            plan.record(plan.request()),
            plan.advice().orElse(null),
            made.stream().map(PictureReport::file).toList(),
            List.copyOf(made),
            totals),
        failure);
  }
}

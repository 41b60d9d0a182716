package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.model.GenerationDefaults;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes what of a batch is not there yet; a picture that fails does not stop the rest. */
final class BatchRun {
  // As files that are moved into place are called until then.
  private static final Pattern UNFINISHED = Pattern.compile("\\.(.+)\\.[0-9a-z]+\\.tmp");

  private static final double SECONDS_PER_MINUTE = 60;

  /**
   * What to make.
   *
   * @param pictures of this part of the batch
   * @param verifier scores candidates; null if there are none
   */
  record Plan(
      List<BatchPicture> pictures,
      PipelineOptions model,
      Function<Backend.Session, Verifier> verifier,
      Path folder,
      Shard shard) {}

  private record Report(
      String folder,
      String journal,
      int pictures,
      int earlier,
      int made,
      double seconds,
      List<Failed> failed) {}

  private record Failed(int line, String key, String file, String code, String error) {}

  private final Command command;
  private final Plan plan;
  private final GenerationDefaults defaults;
  private final List<Failed> failed = new ArrayList<>();
  private int made;
  private int earlier;
  private int tried; // of those that were not there yet

  BatchRun(Command command, Plan plan) {
    this.command = command;
    this.plan = plan;
    defaults = GenerationDefaults.read(plan.model().model().orElseThrow());
  }

  /**
   * Makes the pictures.
   *
   * @throws IllegalStateException if some failed, after all were tried
   */
  void run() {
    long start = System.nanoTime();
    try (BatchJournal journal = BatchJournal.open(plan.folder(), plan.shard())) {
      removeUnfinished();
      List<BatchPicture> left = plan.pictures().stream().filter(p -> !p.done()).toList();
      earlier = plan.pictures().size() - left.size();
      if (earlier > 0) {
        command.note(earlier + " of " + plan.pictures().size() + " pictures are there already");
      }
      try {
        if (!left.isEmpty()) {
          command.checkCancelled();
          command.note("loading " + plan.model().model().orElseThrow());
          try (Backend.Session session = command.backend().open(plan.model())) {
            make(session, left, journal);
          }
        }
      } finally {
        report(journal, (System.nanoTime() - start) / 1e9);
      }
      if (!failed.isEmpty()) {
        throw new IllegalStateException(
            failed.size()
                + (" of " + plan.pictures().size() + " pictures failed; see ")
                + journal.file());
      }
    }
  }

  private void make(Backend.Session session, List<BatchPicture> left, BatchJournal journal) {
    long start = System.nanoTime();
    try (CountingProgress progress =
        CountingProgress.of(
            command.environment().terminal(),
            command.report().quiet(),
            command.err(),
            "pictures",
            left.size())) {
      Runnable step =
          () -> {
            tried++;
            progress.stepTo(tried, remark((System.nanoTime() - start) / 1e9));
          };
      while (tried < left.size()) {
        command.checkCancelled();
        List<BatchPicture> series = series(left.subList(tried, left.size()));
        try {
          if (series.get(0).options().bestOf() > 1) {
            choose(session, series.get(0), journal);
            step.run();
          } else {
            make(session, series, journal, step);
          }
        } catch (LuminaException | IllegalArgumentException e) {
          if (stopsTheRest(e)) {
            throw e;
          }
          fail(left.get(tried), e, journal, progress);
          step.run();
        }
      }
    }
  }

  /** The first pictures that differ by their seeds alone, which follow each other. */
  private static List<BatchPicture> series(List<BatchPicture> left) {
    BatchPicture first = left.get(0);
    int count = 1;
    while (first.options().bestOf() == 1
        && count < left.size()
        && left.get(count).options() == first.options()
        && left.get(count).seed() == first.seed() + count) {
      count++;
    }
    return left.subList(0, count);
  }

  /** Whether the next picture would fare no better. */
  private static boolean stopsTheRest(RuntimeException failure) {
    int code = ExitCodes.of(failure);
    return code == ExitCodes.CANCELLED || code == ExitCodes.DEVICE;
  }

  private String remark(double seconds) {
    return Units.decimal(tried / seconds * SECONDS_PER_MINUTE, 1)
        + " a minute"
        + (failed.isEmpty() ? "" : ", " + failed.size() + " failed");
  }

  private void make(
      Backend.Session session, List<BatchPicture> series, BatchJournal journal, Runnable step) {
    Iterator<BatchPicture> next = series.iterator();
    session.generateAll(
        series.get(0).request().resolve(defaults),
        series.size(),
        null,
        command.environment().cancellation(),
        result -> {
          write(next.next(), result, null, result.stats().totalSeconds(), journal);
          step.run();
        });
  }

  private void choose(Backend.Session session, BatchPicture picture, BatchJournal journal) {
    long start = System.nanoTime();
    GenerationRequest request = picture.request().resolve(defaults);
    BestOf.Chosen chosen =
        BestOf.of(picture.options().bestOf(), plan.verifier())
            .draw(session, session, request, command.environment().cancellation());
    chosen.writeSheet(picture.file());
    double seconds = (System.nanoTime() - start) / 1e9;
    write(picture, chosen.result(), chosen.used(), seconds, journal);
  }

  /** {@code used}: null if there was no choice. */
  private void write(
      BatchPicture picture,
      GenerationResult result,
      UsedBestOf used,
      double seconds,
      BatchJournal journal) {
    BatchLine line = picture.options();
    // A partial picture has no halves: it is kept whole.
    Panel panel = result.complete() ? line.panel() : Panel.WHOLE;
    RequestRecord record =
        RequestRecord.of(result.request(), line.image(picture.folder()), line.panel(), plan.model())
            .withBestOf(used);
    PictureText.write(
        picture.file(),
        panel.of(result.image()),
        record,
        Map.of(BatchPicture.TEXT, JsonText.of(picture.mark())));
    made++;
    journal.made(
        picture,
        record.seed().longValue(),
        seconds,
        record.bestOf() == null ? null : record.bestOf().score());
    if (!command.report().json()) {
      command.out().println(picture.file());
      command.out().flush();
    }
  }

  private void fail(
      BatchPicture picture,
      RuntimeException failure,
      BatchJournal journal,
      CountingProgress progress) {
    String code =
        failure instanceof LuminaException lumina
            ? lumina.code().id()
            : ErrorCode.INVALID_ARGUMENT.id();
    String reason = Failures.oneLine(String.valueOf(failure.getMessage()));
    failed.add(
        new Failed(
            picture.line(), picture.key(), picture.file().getFileName().toString(), code, reason));
    journal.failed(picture, code, reason);
    progress.say("lumina: line " + picture.line() + ": " + reason);
  }

  /** Removes what a killed run of this part was writing; nobody else writes these files. */
  private void removeUnfinished() {
    Set<String> own =
        plan.pictures().stream()
            .flatMap(picture -> Stream.of(picture.file(), sheet(picture)))
            .map(file -> file.getFileName().toString())
            .collect(Collectors.toSet());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(plan.folder(), ".*.tmp")) {
      for (Path file : files) {
        Matcher matcher = UNFINISHED.matcher(file.getFileName().toString());
        if (matcher.matches() && own.contains(matcher.group(1))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot tidy " + plan.folder() + ": " + TextFiles.reason(e), e);
    }
  }

  private static Path sheet(BatchPicture picture) {
    return BestOf.sheetFile(picture.file());
  }

  private void report(BatchJournal journal, double seconds) {
    if (command.report().json()) {
      command
          .out()
          .println(
              JsonText.of(
                  new Report(
                      plan.folder().toString(),
                      journal.file().toString(),
                      plan.pictures().size(),
                      earlier,
                      made,
                      seconds,
                      List.copyOf(failed))));
    }
    command.note(
        made
            + (made == 1 ? " picture" : " pictures")
            + (" made in " + Units.duration(seconds))
            + (made == 0
                ? ""
                : ", " + Units.decimal(made / seconds * SECONDS_PER_MINUTE, 1) + " a minute"));
  }
}

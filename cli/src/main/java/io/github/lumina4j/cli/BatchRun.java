package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutputFiles;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes what of a batch is not there yet; a picture that fails does not stop the rest. */
final class BatchRun {
  private static final double SECONDS_PER_MINUTE = 60;

  /** Pictures that are drawn again of which each gets a line. */
  private static final int WORDS = 20;

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
  private final Unwritten unwritten;
  private CountingProgress progress; // while pictures are made
  private int made;
  private int earlier;
  private int tried; // of those that were not there yet

  BatchRun(Command command, Plan plan) {
    this.command = command;
    this.plan = plan;
    defaults = GenerationDefaults.read(plan.model().model().orElseThrow());
    unwritten = new Unwritten(command);
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
      List<BatchPicture> left = left();
      earlier = plan.pictures().size() - left.size();
      if (earlier > 0) {
        command.note(earlier + " of " + plan.pictures().size() + " pictures are there already");
      }
      RuntimeException failure = null;
      try {
        if (!left.isEmpty()) {
          try (Backend.Session session = command.open(plan.model())) {
            make(session, left, journal);
          }
        }
        if (!failed.isEmpty()) {
          failure =
              new IllegalStateException(
                  failed.size()
                      + (" of " + plan.pictures().size() + " pictures failed; see ")
                      + journal.file());
        }
      } catch (RuntimeException e) {
        failure = e;
      }
      if (failure == null) {
        failure = unwritten.problem();
      }
      report(journal, (System.nanoTime() - start) / 1e9, failure);
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** What is not there yet; says which files it will draw over, and why. */
  private List<BatchPicture> left() {
    List<BatchPicture> left = new ArrayList<>();
    int replaced = 0;
    int byRecord = 0;
    for (BatchPicture picture : plan.pictures()) {
      BatchMark.Found found = picture.find();
      switch (found.state()) {
        case DONE -> {}
        case DONE_BY_RECORD -> byRecord++;
        case MISSING -> left.add(picture);
        case OTHER -> {
          left.add(picture);
          if (replaced++ < WORDS) {
            command.note(picture.file() + ": drawing it again; what is there " + reason(found));
          }
        }
      }
    }
    if (replaced > WORDS) {
      command.note("and " + (replaced - WORDS) + " more that are drawn again");
    }
    if (byRecord > 0) {
      command.note(
          byRecord
              + (byRecord == 1 ? " picture is" : " pictures are")
              + " of an earlier version, which kept the model's name but not its content;"
              + " taken as done because the requests are the same");
    }
    return left;
  }

  private static String reason(BatchMark.Found found) {
    return found.differences().isEmpty()
        ? "is no picture of this batch"
        : "was another request: " + String.join("; ", found.differences());
  }

  private void make(Backend.Session session, List<BatchPicture> left, BatchJournal journal) {
    long start = System.nanoTime();
    try (CountingProgress shown =
        CountingProgress.of(
            command.environment().terminal(),
            command.report().quiet(),
            command.err(),
            "pictures",
            left.size())) {
      progress = shown;
      Runnable step =
          () -> {
            tried++;
            progress.stepTo(tried, remark((System.nanoTime() - start) / 1e9));
          };
      while (tried < left.size()) {
        command.checkCancelled();
        List<BatchPicture> series = series(left.subList(tried, left.size()));
        checkRoom(series.get(0));
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

  /**
   * Asked before each picture is drawn, since a disk may fill up meanwhile.
   *
   * @throws LuminaException if it could not be written
   */
  private void checkRoom(BatchPicture picture) {
    ImageSize size = picture.size();
    ImageFiles.checkWritable(picture.file(), size.width(), size.height());
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
            .draw(
                session,
                session,
                request,
                command.environment().cancellation(),
                candidate -> keep(picture, candidate));
    double seconds = (System.nanoTime() - start) / 1e9;
    write(picture, chosen.result(), chosen.used(), seconds, journal);
    unwritten.unless(() -> chosen.writeSheet(picture.file()));
  }

  /** Writes a candidate that was drawn although nothing could choose among them. */
  private void keep(BatchPicture picture, GenerationResult candidate) {
    BatchLine line = picture.options();
    RequestRecord record =
        RequestRecord.of(
            candidate.request(), line.image(picture.folder()), line.panel(), plan.model());
    Path file = BestOf.candidateFile(picture.file(), candidate);
    Path written =
        unwritten.file(Rescue.picture(file, line.panel().of(candidate.image()), record, Map.of()));
    progress.say("kept " + written);
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
    Path file =
        unwritten.file(
            Rescue.picture(
                picture.file(),
                panel.of(result.image()),
                record,
                Map.of(BatchMark.TEXT, picture.mark().text())));
    made++;
    Double score = record.bestOf() == null ? null : record.bestOf().score();
    long seed = record.seed().longValue();
    unwritten.unless(() -> journal.made(picture, seed, seconds, score));
    if (!command.report().json()) {
      progress.clear();
      command.out().println(file);
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
    unwritten.unless(() -> journal.failed(picture, code, reason));
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
        if (own.stream().anyMatch(name -> OutputFiles.isUnfinished(file, name))) {
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

  private void report(BatchJournal journal, double seconds, RuntimeException failure) {
    if (command.report().json()) {
      command.json(
          new Report(
              plan.folder().toString(),
              journal.file().toString(),
              plan.pictures().size(),
              earlier,
              made,
              seconds,
              List.copyOf(failed)),
          failure);
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

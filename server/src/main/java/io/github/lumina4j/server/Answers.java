package io.github.lumina4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.lumina4j.Progress;
import io.github.lumina4j.Seeds;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.model.GenerationDefaults;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The bodies of answers, field for field as the OpenAI API has them; what is ours comes last. */
final class Answers {
  private Answers() {}

  record ErrorBody(ErrorText error) {
    static ErrorBody of(ApiException e) {
      return new ErrorBody(new ErrorText(e.getMessage(), e.type(), e.param(), e.code()));
    }
  }

  // Clients expect all four, null or not.
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ErrorText(String message, String type, String param, String code) {}

  record Images(long created, List<Image> data, String outputFormat, Picture.Usage usage) {
    /** {@code urls} gives the URL to fetch a picture by; null: the picture lies in the answer. */
    static Images of(ImageRequest request, List<Picture> pictures, Function<Picture, String> urls) {
      return new Images(
          Instant.now().getEpochSecond(),
          pictures.stream().map(picture -> Image.of(picture, urls.apply(picture))).toList(),
          request.formatName(),
          pictures.stream().map(Picture::usage).reduce(Picture.Usage::plus).orElseThrow());
    }
  }

  /** One of b64Json and url is null. */
  record Image(byte[] b64Json, String url, BigInteger seed, String size, double seconds) {
    static Image of(Picture picture, String url) {
      return new Image(
          url == null ? picture.file() : null,
          url,
          Seeds.number(picture.seed()),
          picture.size().toString(),
          picture.seconds());
    }
  }

  /** The name of an event about a picture. */
  static String type(ImageRequest request, String event) {
    return (request.edit() ? "image_edit." : "image_generation.") + event;
  }

  /** The last event of a picture; the client takes each field up to usage for given. */
  record Completed(
      String type,
      byte[] b64Json,
      long createdAt,
      String size,
      String quality,
      String background,
      String outputFormat,
      Picture.Usage usage,
      int index,
      BigInteger seed,
      double seconds) {}

  /** A picture that is not finished; the client takes each field up to the index for given. */
  record Partial(
      String type,
      byte[] b64Json,
      long createdAt,
      String size,
      String quality,
      String background,
      String outputFormat,
      int partialImageIndex,
      int index,
      int rowsDone,
      int rowsTotal) {
    static Partial of(String type, ImageRequest request, int index, PartialPicture picture) {
      return new Partial(
          type,
          picture.file(),
          Instant.now().getEpochSecond(),
          picture.size().toString(),
          "auto",
          "opaque",
          request.formatName(),
          picture.number(),
          index,
          picture.rowsDone(),
          picture.rowsTotal());
    }
  }

  /** Where the job of a stream is found again. */
  record JobAddress(String type, String id, String url) {}

  /**
   * How far a job is; what does not apply is null.
   *
   * @param status queued, drawing, finished, cancelled or failed
   * @param n pictures that were asked for
   * @param position in the queue, from 1
   * @param progress of the picture that is being drawn
   * @param preview of the picture that is being drawn, if the request asked to see it grow
   * @param result the pictures that are made, all of them or fewer
   */
  record JobState(
      String id,
      String object,
      String status,
      long created,
      int n,
      Integer position,
      Rows progress,
      Partial preview,
      Images result,
      ErrorText error) {

    static JobState of(Jobs.Entry job, int position) {
      ImageRequest request = job.job().request();
      JobFeed feed = job.feed();
      List<Picture> made = feed.pictures();
      JobFeed.Step step = feed.step();
      JobFeed.Look look = feed.look();
      String partial = type(request, "partial_image");
      return new JobState(
          job.id(),
          "image.job",
          feed.failure() != null
              ? feed.failure().code().equals("cancelled") ? "cancelled" : "failed"
              : feed.hasEnded() ? "finished" : position > 0 ? "queued" : "drawing",
          job.created(),
          request.count(),
          position > 0 ? position : null,
          step == null ? null : Rows.of("lumina.progress", request, step.index(), step.progress()),
          look == null ? null : Partial.of(partial, request, look.index(), look.picture()),
          made.isEmpty() ? null : Images.of(request, made, picture -> null),
          feed.failure() == null ? null : ErrorBody.of(feed.failure()).error());
    }
  }

  /** A job that is no more. */
  record JobDeleted(String id, String object, boolean deleted) {}

  record Queued(String type, int position) {}

  /** How far a picture is; its rows include those that were given. */
  record Rows(
      String type,
      int index,
      String phase,
      int rowsDone,
      int rowsTotal,
      int rowsGiven,
      long tokensDone,
      long tokensTotal,
      double seconds) {
    static Rows of(String type, ImageRequest request, int index, Progress progress) {
      return new Rows(
          type,
          index,
          progress.phase().name().toLowerCase(Locale.ROOT),
          progress.rowsDone(),
          progress.rowsTotal(),
          request.first().rowsGiven(),
          progress.tokensDone(),
          progress.tokensTotal(),
          progress.seconds());
    }
  }

  record Models(String object, List<Model> data) {}

  record Model(
      String id, String object, long created, String ownedBy, GenerationDefaults defaults) {}

  record TaskList(List<TaskInfo> data) {
    static TaskList builtIn() {
      return new TaskList(Tasks.builtIn().stream().map(TaskInfo::of).toList());
    }
  }

  record TaskInfo(String name, String title, boolean image, boolean prompt, boolean description) {
    static TaskInfo of(Task task) {
      return new TaskInfo(
          task.name(),
          task.title(),
          task.needsImage(),
          task.prompt() != Task.Need.NONE,
          task.description() != Task.Need.NONE);
    }
  }

  record Health(String status, String model, int waiting, int capacity, boolean drawing) {}
}

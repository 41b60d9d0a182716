package io.github.lumina4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.model.GenerationDefaults;
import java.math.BigInteger;
import java.util.List;

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

  record Images(long created, List<Image> data, String outputFormat, Picture.Usage usage) {}

  /** One of b64Json and url is null. */
  record Image(byte[] b64Json, String url, BigInteger seed, String size, double seconds) {}

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
      int rowsTotal) {}

  record Queued(String type, int position) {}

  record Rows(
      String type,
      int index,
      String phase,
      int rowsDone,
      int rowsTotal,
      long tokensDone,
      long tokensTotal,
      double seconds) {}

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

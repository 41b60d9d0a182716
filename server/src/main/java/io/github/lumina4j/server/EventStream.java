package io.github.lumina4j.server;

import io.github.lumina4j.Progress;
import io.github.lumina4j.Seeds;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntSupplier;

/**
 * Answers with a stream of server-sent events: each picture when it is made, and before that as it
 * looks so far, if that is asked for. Meanwhile comments, which clients skip, tell the place in the
 * queue and keep the connection alive; a client that asks for progress gets events instead. The
 * head is sent with the first of these, so that a request that fails at once is answered with a
 * proper status.
 */
final class EventStream implements JobEvents {
  private static final long BEAT_MILLIS = 1_000;
  private static final int BEATS_OF_SILENCE = 15;

  private final Vertx vertx;
  private final Exchange exchange;
  private final ImageRequest request;
  private final long timer;
  private IntSupplier position = () -> 0;
  private int toldPosition;
  private int silence;

  EventStream(Vertx vertx, Exchange exchange, ImageRequest request) {
    this.vertx = vertx;
    this.exchange = exchange;
    this.request = request;
    timer = vertx.setPeriodic(BEAT_MILLIS, id -> beat());
  }

  /** Where the place in the queue is looked up; 0: it does not wait. */
  void position(IntSupplier lookup) {
    position = lookup;
    if (request.progress()) {
      tellPosition();
    }
  }

  /** Where the job is found again. Told before anything else. */
  void address(Jobs.Entry job) {
    exchange.response().putHeader("X-Job-Id", job.id());
    if (request.progress()) {
      event("lumina.job", new Answers.JobAddress("lumina.job", job.id(), job.path()));
    }
  }

  /** No more beats: the stream has ended, or nobody listens. */
  void close() {
    vertx.cancelTimer(timer);
  }

  @Override
  public void progress(int index, Progress progress) {
    // Progress is no use to a client that is behind.
    if (request.progress() && !exchange.gone() && !exchange.response().writeQueueFull()) {
      event("lumina.progress", Answers.Rows.of("lumina.progress", request, index, progress));
    }
  }

  @Override
  public void partial(int index, PartialPicture picture) {
    if (exchange.gone() || exchange.response().writeQueueFull()) {
      return;
    }
    String type = Answers.type(request, "partial_image");
    event(type, Answers.Partial.of(type, request, index, picture));
  }

  @Override
  public void drawn(int index, Picture picture) {
    String type = Answers.type(request, "completed");
    event(
        type,
        new Answers.Completed(
            type,
            picture.file(),
            Instant.now().getEpochSecond(),
            picture.size().toString(),
            "auto",
            "opaque",
            request.formatName(),
            picture.usage(),
            index,
            Seeds.number(picture.seed()),
            picture.seconds()));
  }

  @Override
  public void finished() {
    close();
    if (!exchange.gone()) {
      exchange.sent(exchange.response().end());
    }
  }

  @Override
  public void failed(ApiException answer) {
    close();
    if (exchange.gone()) {
      return;
    }
    if (!exchange.response().headWritten()) {
      exchange.fail(answer);
      return;
    }
    event("error", Answers.ErrorBody.of(answer));
    exchange.sent(exchange.response().end());
  }

  private void beat() {
    silence++;
    if (position.getAsInt() != toldPosition) {
      tellPosition();
    } else if (silence >= BEATS_OF_SILENCE) {
      comment("waiting");
    }
  }

  private void tellPosition() {
    toldPosition = position.getAsInt();
    if (request.progress()) {
      event("lumina.queued", new Answers.Queued("lumina.queued", toldPosition));
    } else {
      comment(toldPosition == 0 ? "drawing" : "queued, position " + toldPosition);
    }
  }

  private void comment(String text) {
    write(Buffer.buffer(": " + text + "\n\n"));
  }

  private void event(String name, Object data) {
    write(
        Buffer.buffer()
            .appendBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII))
            .appendBytes(Json.bytes(data))
            .appendBytes("\n\n".getBytes(StandardCharsets.US_ASCII)));
  }

  private void write(Buffer text) {
    if (exchange.gone()) {
      return;
    }
    if (!exchange.response().headWritten()) {
      exchange.begin(200, "text/event-stream");
      exchange.response().setChunked(true).putHeader("X-Accel-Buffering", "no");
    }
    silence = 0;
    exchange.response().write(text);
  }
}

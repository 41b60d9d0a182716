package io.github.lumina4j.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.function.Function;

/** Reads bodies of requests into memory, within limits of size and time. */
final class BodyReader {
  private static final long ARRIVAL_MILLIS = 60_000;

  private final Vertx vertx;
  private final BodyBudget budget;

  BodyReader(Vertx vertx, BodyBudget budget) {
    this.vertx = vertx;
    this.budget = budget;
  }

  /**
   * Reads a body and does something with it; its memory counts until that is done.
   *
   * @param type that it must have
   * @param limit in bytes
   */
  <T> Future<T> read(
      HttpServerRequest request, String type, long limit, Function<byte[], Future<T>> then) {
    if (!type(request).equals(type)) {
      return Future.failedFuture(ApiException.mediaType(type));
    }
    Arrival arrival = new Arrival(request, limit);
    long timer =
        vertx.setTimer(ARRIVAL_MILLIS, id -> arrival.complete.tryFail(ApiException.bodyTooSlow()));
    return arrival
        .complete
        .future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(done -> then.apply(arrival.body.getBytes()))
        .onComplete(done -> budget.give(arrival.held));
  }

  private static String type(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** One body on its way. */
  private final class Arrival {
    private final HttpServerRequest request;
    private final long limit;
    private final Promise<Void> complete = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private long arrived;
    private long held;

    Arrival(HttpServerRequest request, long limit) {
      this.request = request;
      this.limit = limit;
      String length = request.getHeader("Content-Length");
      if (length != null && length.matches("[0-9]{1,18}")) {
        refuseBeyond(Long.parseLong(length));
      }
      request.handler(this::part);
      request.exceptionHandler(
          e -> complete.tryFail(ApiException.invalid(null, "the body cannot be read")));
      request.endHandler(end -> complete.tryComplete());
    }

    private void part(Buffer part) {
      arrived += part.length();
      refuseBeyond(arrived);
      if (arrived > 2 * limit) {
        // Refused, and still sending: it has had its chance to hear the answer.
        request.connection().close();
      }
      if (complete.future().isComplete()) {
        return;
      }
      if (!budget.take(part.length())) {
        complete.tryFail(ApiException.busy());
        return;
      }
      held += part.length();
      body.appendBuffer(part);
    }

    private void refuseBeyond(long bytes) {
      if (bytes > limit) {
        complete.tryFail(ApiException.tooLarge(limit));
      }
    }
  }
}

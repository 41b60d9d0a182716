package io.github.lumina4j.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** One request and its answer. Used on the event loop only. */
final class Exchange {
  /** How long a client may take to fetch an answer, or to finish a request that was refused. */
  private static final long SEND_MILLIS = 60_000;

  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Metrics metrics;
  private String route = "other";
  private boolean last;

  Exchange(Vertx vertx, HttpServerRequest request, Metrics metrics) {
    this.vertx = vertx;
    this.request = request;
    this.metrics = metrics;
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  /** What it is called in the metrics. */
  void route(String name) {
    route = name;
  }

  /** No more requests on this connection. */
  void closeAfterwards() {
    last = true;
  }

  /** Whether nothing can be sent any more. */
  boolean gone() {
    return response().closed() || response().ended();
  }

  void json(int status, Object body) {
    send(status, "application/json", Json.bytes(body));
  }

  /** Answers with an error, or ends the connection if an answer has begun. */
  void fail(Throwable failure) {
    ApiException answer = Failures.answer(failure);
    if (gone()) {
      return;
    }
    if (response().headWritten()) {
      request.connection().close();
      return;
    }
    if (answer.retryAfter() != null) {
      response().putHeader("Retry-After", Long.toString(answer.retryAfter().toSeconds()));
    } else if (answer.status() >= 500) {
      // Official clients repeat what failed with 5xx; this would fail again.
      response().putHeader("X-Should-Retry", "false");
    }
    if (answer.status() == 401) {
      response().putHeader("WWW-Authenticate", "Bearer");
    }
    json(answer.status(), Answers.ErrorBody.of(answer));
  }

  void send(int status, String type, byte[] body) {
    if (gone()) {
      return;
    }
    begin(status, type);
    response().putHeader("Content-Length", Integer.toString(body.length));
    sent(
        request.method() == HttpMethod.HEAD
            ? response().end()
            : response().end(Buffer.buffer(body)));
  }

  /** The head of an answer whose body comes in parts. */
  void begin(int status, String type) {
    last |= bodyIsMissing();
    response()
        .setStatusCode(status)
        .putHeader("Content-Type", type)
        .putHeader("X-Content-Type-Options", "nosniff");
    if (!response().headers().contains("Cache-Control")) {
      response().putHeader("Cache-Control", "no-store");
    }
    if (last) {
      response().putHeader("Connection", "close");
    }
    metrics.answered(route, status);
  }

  /** The answer is complete; {@code end} comes when it is on its way. */
  void sent(Future<Void> end) {
    long timer = vertx.setTimer(SEND_MILLIS, id -> request.connection().close());
    end.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (last) {
            hangUp();
          }
        });
  }

  // Vert.x tells the end of a request without a body only after its handler.
  private boolean bodyIsMissing() {
    String length = request.getHeader("Content-Length");
    boolean none =
        request.getHeader("Transfer-Encoding") == null && (length == null || length.equals("0"));
    return !none && !request.isEnded();
  }

  // A client that is still sending would lose the answer if the connection went at once.
  private void hangUp() {
    if (!bodyIsMissing()) {
      request.connection().close();
      return;
    }
    long timer = vertx.setTimer(LINGER_MILLIS, id -> request.connection().close());
    request
        .end()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              request.connection().close();
            });
  }
}

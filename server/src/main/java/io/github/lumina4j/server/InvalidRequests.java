package io.github.lumina4j.server;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is not HTTP, and hangs up. */
final class InvalidRequests implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Metrics metrics;

  InvalidRequests(Vertx vertx, Metrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpServerRequest request) {
    Exchange exchange = new Exchange(vertx, request, metrics);
    exchange.route("invalid");
    exchange.closeAfterwards();
    exchange.fail(ApiException.malformed(status(request.decoderResult().cause())));
  }

  private static int status(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return 414;
    }
    return cause instanceof TooLongHttpHeaderException ? 431 : 400;
  }
}

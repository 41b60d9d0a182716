package io.github.lumina4j.server;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;

/**
 * Takes checked requests to the worker and its pictures back to the clients. A client that goes
 * away takes its request with it, and so does the time limit. Used on the event loop only, but for
 * {@link #stop}.
 */
final class Studio {
  private final Vertx vertx;
  private final ServerOptions options;
  private final FairQueue<Job> queue;
  private final Worker worker;
  private final Pace pace = new Pace();

  Studio(Vertx vertx, ServedModel model, ServerOptions options, Metrics metrics) {
    this.vertx = vertx;
    this.options = options;
    queue = new FairQueue<>(options.queueCapacity(), options.queuePerClient());
    worker = new Worker(queue, model, metrics, pace);
    metrics.gauge("lumina.queue.waiting", "Requests that wait", queue::size);
    metrics.gauge("lumina.drawing", "Whether a picture is being drawn", () -> busy() ? 1 : 0);
    worker.start();
  }

  /** Requests that wait. */
  int waiting() {
    return queue.size();
  }

  /** Whether a picture is being drawn. */
  boolean busy() {
    return worker.busy();
  }

  /** Queues a request, or refuses it. */
  void submit(Exchange exchange, ImageRequest request, Function<Picture, String> links) {
    if (exchange.gone()) {
      return;
    }
    Context loop = vertx.getOrCreateContext();
    EventStream stream = request.stream() ? new EventStream(vertx, exchange, request) : null;
    JobEvents reply = stream != null ? stream : new WholeReply(exchange, request, links);
    String address = exchange.request().remoteAddress().hostAddress();
    Job job = new Job(address + " " + request.user(), request, new LoopEvents(loop, reply));
    long limit =
        vertx.setTimer(
            options.timeLimit().toMillis(),
            id -> worker.abort(job, ApiException.timeLimit(options.timeLimit())));
    exchange
        .response()
        .closeHandler(
            closed -> {
              if (stream != null) {
                stream.close();
              }
              vertx.cancelTimer(limit);
              worker.abort(job, ApiException.clientGone());
            });
    FairQueue.Offer offer = queue.offer(job.client(), job);
    if (offer != FairQueue.Offer.ACCEPTED) {
      vertx.cancelTimer(limit);
      reply.failed(refusal(offer));
      return;
    }
    exchange
        .response()
        .putHeader("X-Queue-Position", Integer.toString(queue.position(job.client(), job)));
    exchange.response().bodyEndHandler(end -> vertx.cancelTimer(limit));
    if (stream != null) {
      stream.position(() -> queue.position(job.client(), job));
    }
  }

  private ApiException refusal(FairQueue.Offer offer) {
    return switch (offer) {
      case FULL ->
          ApiException.queueFull(
              "as many requests wait as may: " + options.queueCapacity(), pace.nextPlace());
      case LANE_FULL ->
          ApiException.queueFull(
              "as many requests of yours wait as may: " + options.queuePerClient(),
              pace.nextPlace());
      default -> ApiException.stopping();
    };
  }

  /**
   * Hands back what waits, and gives the request that is being drawn time to finish. Called from a
   * thread that may wait.
   */
  void stop(Duration grace) throws InterruptedException {
    queue.close().forEach(job -> job.fail(ApiException.stopping()));
    worker.stop(grace);
  }
}

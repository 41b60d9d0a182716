package io.github.lumina4j.server;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes checked requests to the worker and its pictures back to the clients. The time limit stops a
 * request, and so does a client that goes away: at once, or after a time to linger if its job has
 * an address to come back to. Used on the event loop only, but for {@link #stop}.
 */
final class Studio {
  private final Vertx vertx;
  private final ServerOptions options;
  private final FairQueue<Job> queue;
  private final Worker worker;
  private final Pace pace = new Pace();
  private final Jobs jobs;

  Studio(Vertx vertx, ServedModel model, ServerOptions options, Metrics metrics) {
    this.vertx = vertx;
    this.options = options;
    queue = new FairQueue<>(options.queueCapacity(), options.queuePerClient());
    worker = new Worker(queue, model, metrics, pace);
    jobs = new Jobs(vertx, options, worker::abort);
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
    Submission job = new Submission(exchange, request);
    EventStream stream = request.stream() ? new EventStream(vertx, exchange, request) : null;
    JobEvents reply = stream != null ? stream : new WholeReply(exchange, request, links);
    job.feed.attach(reply);
    FairQueue.Offer offer = queue.offer(job.job.client(), job.job);
    if (offer != FairQueue.Offer.ACCEPTED) {
      job.feed.failed(refusal(offer));
      return;
    }
    exchange.response().putHeader("X-Queue-Position", Integer.toString(position(job.job)));
    if (stream == null) {
      // It has no address that its client could know: nobody would come back for it.
      exchange.response().closeHandler(closed -> worker.abort(job.job, ApiException.clientGone()));
      return;
    }
    job.entry = jobs.add(job.job, job.feed);
    follow(exchange, job.job, job.feed, job.entry, stream);
  }

  /**
   * Answers with the events of a job that goes on: pictures that are made come first, then what
   * happens from now on.
   */
  void resume(Exchange exchange, Jobs.Entry entry) {
    EventStream stream = new EventStream(vertx, exchange, entry.job().request());
    follow(exchange, entry.job(), entry.feed(), Optional.of(entry), stream);
    entry.feed().attach(stream);
    entry.touch();
  }

  /** How far a job is. */
  Answers.JobState state(Jobs.Entry entry) {
    entry.touch();
    return Answers.JobState.of(entry, position(entry.job()));
  }

  /** The jobs that have an address. */
  Jobs jobs() {
    return jobs;
  }

  private void follow(
      Exchange exchange, Job job, JobFeed feed, Optional<Jobs.Entry> entry, EventStream stream) {
    exchange
        .response()
        .closeHandler(
            closed -> {
              stream.close();
              feed.detach(stream);
              if (entry.isPresent()) {
                entry.get().touch();
              } else {
                worker.abort(job, ApiException.clientGone());
              }
            });
    entry.ifPresent(stream::address);
    stream.position(() -> position(job));
  }

  private int position(Job job) {
    return queue.position(job.client(), job);
  }

  /** A request that becomes a job, with what belongs to it. */
  private final class Submission {
    private final Job job;
    private final JobFeed feed;
    private Optional<Jobs.Entry> entry = Optional.empty();

    Submission(Exchange exchange, ImageRequest request) {
      long limit =
          vertx.setTimer(
              options.timeLimit().toMillis(),
              id -> worker.abort(job(), ApiException.timeLimit(options.timeLimit())));
      feed =
          new JobFeed(
              () -> {
                vertx.cancelTimer(limit);
                entry.ifPresent(Jobs.Entry::touch);
              });
      String address = exchange.request().remoteAddress().hostAddress();
      Context loop = vertx.getOrCreateContext();
      job = new Job(address + " " + request.user(), request, new LoopEvents(loop, feed));
    }

    private Job job() {
      return job;
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
    // Nobody could come back for them.
    vertx.runOnContext(v -> jobs.stopUnheard(ApiException.stopping()));
    worker.stop(grace);
  }
}

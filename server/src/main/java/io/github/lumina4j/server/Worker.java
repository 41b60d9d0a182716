package io.github.lumina4j.server;

import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ProgressListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The thread that draws: one picture after the other, or a few of one request together, of the
 * client whose turn it is. A request for more goes back to the queue then.
 */
final class Worker {
  /** Pictures of a turn; others wait for them. */
  private static final int TURN = 4;

  private final FairQueue<Job> queue;
  private final ServedModel model;
  private final Metrics metrics;
  private final Pace pace;
  private final Thread thread = new Thread(this::run, "lumina-worker");
  private volatile Job current;

  Worker(FairQueue<Job> queue, ServedModel model, Metrics metrics, Pace pace) {
    this.queue = queue;
    this.model = model;
    this.metrics = metrics;
    this.pace = pace;
  }

  void start() {
    thread.start();
  }

  /** Whether a picture is being drawn. */
  boolean busy() {
    return current != null;
  }

  /**
   * Stops a job: at once if it waits, within a step if it is being drawn.
   *
   * @param reason what its client is told
   */
  void abort(Job job, ApiException reason) {
    job.abort(reason);
    if (queue.remove(job.client(), job)) {
      end(job, reason);
    }
  }

  /**
   * Ends the thread, once the queue is closed: the job that is being drawn has {@code grace} to
   * finish, then it is stopped as well.
   */
  void stop(Duration grace) throws InterruptedException {
    thread.join(Math.max(1, grace.toMillis()));
    Job job = current;
    if (job != null) {
      job.abort(ApiException.stopping());
    }
    thread.join();
  }

  private void run() {
    try {
      for (Job job = queue.take(); job != null; job = queue.take()) {
        current = job;
        do {
          draw(job);
        } while (!job.hasEnded() && !queue.putBack(job.client(), job));
        current = null;
        if (job.abortedWith() != null) {
          metrics.cancelled(job.secondsSinceAbort());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void draw(Job job) {
    try {
      stopIfAborted(job);
      int index = job.drawn();
      if (index == 0) {
        metrics.waited(job.ageSeconds());
      }
      long start = System.nanoTime();
      List<GenerationResult> results = new ArrayList<>();
      model
          .generator()
          .generateAll(
              job.request().picture(index),
              turn(job.request(), index),
              listener(job, index),
              job.cancellation(),
              results::add);
      double seconds = (System.nanoTime() - start) / 1e9 / results.size();
      for (GenerationResult result : results) {
        pace.count(seconds);
        metrics.drawn(result, seconds);
        job.events().drawn(job.drawn(), Picture.of(job.request(), result, model));
        job.countPicture();
      }
      stopIfAborted(job);
      if (job.drawn() == job.request().count() && job.finish()) {
        metrics.ended("finished");
      }
    } catch (Throwable failure) { // an Error too: the worker lives as long as the server
      ApiException reason = job.abortedWith();
      end(job, reason != null ? reason : Failures.answer(failure));
    }
  }

  /** How many pictures to draw now: more than one only if they can be drawn side by side. */
  private static int turn(ImageRequest request, int index) {
    boolean together = !request.partials().wanted() && !request.first().decoding().speculative();
    return together ? Math.min(TURN, request.count() - index) : 1;
  }

  private static ProgressListener listener(Job job, int index) {
    return job.request().partials().wanted()
        ? new PictureWatch(job, index)
        : progress -> job.events().progress(index, progress);
  }

  private static void stopIfAborted(Job job) {
    ApiException reason = job.abortedWith();
    if (reason != null) {
      throw reason;
    }
  }

  private void end(Job job, ApiException answer) {
    if (job.fail(answer)) {
      metrics.ended(answer.code());
    }
  }
}

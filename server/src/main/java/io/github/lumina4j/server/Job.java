package io.github.lumina4j.server;

import io.github.lumina4j.CancellationToken;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** One request on its way through queue and worker. It ends once, however many want it to. */
final class Job {
  private final String client;
  private final ImageRequest request;
  private final JobEvents events;
  private final CancellationToken cancellation = new CancellationToken();
  private final AtomicReference<ApiException> aborted = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final long created = System.nanoTime();
  private volatile long abortTime = created;
  private int drawn; // touched by the worker only

  /** {@code client} is whose turn it takes. */
  Job(String client, ImageRequest request, JobEvents events) {
    this.client = client;
    this.request = request;
    this.events = events;
  }

  String client() {
    return client;
  }

  ImageRequest request() {
    return request;
  }

  JobEvents events() {
    return events;
  }

  /** Stops the picture that is being drawn. */
  CancellationToken cancellation() {
    return cancellation;
  }

  /** The first reason that was given to {@link #abort}; null if none was. */
  ApiException abortedWith() {
    return aborted.get();
  }

  /** Asks the worker to stop within a step; the first reason counts. */
  void abort(ApiException reason) {
    if (aborted.compareAndSet(null, reason)) {
      abortTime = System.nanoTime();
    }
    cancellation.cancel();
  }

  /** Since {@link #abort}; 0 if there was none. */
  double secondsSinceAbort() {
    return aborted.get() == null ? 0 : (System.nanoTime() - abortTime) / 1e9;
  }

  /** Pictures that are made. */
  int drawn() {
    return drawn;
  }

  void countPicture() {
    drawn++;
  }

  double ageSeconds() {
    return (System.nanoTime() - created) / 1e9;
  }

  /** Whether nothing is left to be done. */
  boolean hasEnded() {
    return ended.get();
  }

  /** Ends it well; false if it has ended before. */
  boolean finish() {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      events.finished();
    }
    return first;
  }

  /** Ends it with an error; false if it has ended before. */
  boolean fail(ApiException answer) {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      events.failed(answer);
    }
    return first;
  }
}

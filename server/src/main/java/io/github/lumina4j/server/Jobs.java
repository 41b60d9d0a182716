package io.github.lumina4j.server;

import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Jobs that are found again by an address that nobody guesses. One that nobody listens to is
 * stopped after the time to linger, and one that has ended is found for as long; what has ended is
 * kept in limited space, the oldest first to go. Used on the event loop only.
 */
final class Jobs {
  /** The addresses of jobs begin so. */
  static final String PATH = "/v1/images/jobs/";

  // 144 bits, a whole number of Base64 characters.
  private static final int NAME_BYTES = 18;
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Duration linger;
  private final long maxBytes;
  private final BiConsumer<Job, ApiException> abort;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A job with an address. */
  final class Entry {
    private final String id;
    private final Job job;
    private final JobFeed feed;
    private final long created = System.currentTimeMillis() / 1000;
    private long timer = NO_TIMER;

    private Entry(String id, Job job, JobFeed feed) {
      this.id = id;
      this.job = job;
      this.feed = feed;
    }

    String id() {
      return id;
    }

    /** Where it is found. */
    String path() {
      return PATH + id;
    }

    Job job() {
      return job;
    }

    JobFeed feed() {
      return feed;
    }

    /** When it was taken on, in seconds since 1970. */
    long created() {
      return created;
    }

    /** To be called when somebody came, or asked, or left, and when the job has ended. */
    void touch() {
      vertx.cancelTimer(timer);
      timer =
          feed.heard() || !entries.containsKey(id)
              ? NO_TIMER
              : vertx.setTimer(linger.toMillis(), fired -> drop());
      if (feed.hasEnded()) {
        makeRoom();
      }
    }

    private void drop() {
      forget();
      abort.accept(job, ApiException.clientGone());
    }

    private void forget() {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
      entries.remove(id);
    }

    private long bytes() {
      return feed.pictures().stream().mapToLong(picture -> picture.file().length).sum();
    }
  }

  /** {@code abort} stops a job, with a reason; one that has ended it leaves alone. */
  Jobs(Vertx vertx, ServerOptions options, BiConsumer<Job, ApiException> abort) {
    this.vertx = vertx;
    this.linger = options.linger();
    this.maxBytes = options.keepBytes();
    this.abort = abort;
  }

  /** Gives a job an address; none if jobs do not linger here. */
  Optional<Entry> add(Job job, JobFeed feed) {
    if (linger.isZero()) {
      return Optional.empty();
    }
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    Entry entry = new Entry(Base64.getUrlEncoder().encodeToString(name), job, feed);
    entries.put(entry.id(), entry);
    return Optional.of(entry);
  }

  /**
   * The job of that name.
   *
   * @throws ApiException if there is none, or no longer
   */
  Entry get(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw ApiException.notFound("there is no such job, or no longer");
    }
    return entry;
  }

  /** Stops a job within a step, and forgets it. */
  void cancel(Entry entry) {
    entry.forget();
    abort.accept(entry.job(), ApiException.cancelled());
  }

  /** Stops what nobody listens to. */
  void stopUnheard(ApiException reason) {
    for (Entry entry : entries.values().stream().filter(one -> !one.feed().heard()).toList()) {
      abort.accept(entry.job(), reason);
    }
  }

  private void makeRoom() {
    var ended = entries.values().stream().filter(entry -> entry.feed().hasEnded()).toList();
    long bytes = ended.stream().mapToLong(Entry::bytes).sum();
    // The newest stays, however large it is.
    for (int i = 0; i < ended.size() - 1 && bytes > maxBytes; i++) {
      bytes -= ended.get(i).bytes();
      ended.get(i).forget();
    }
  }
}

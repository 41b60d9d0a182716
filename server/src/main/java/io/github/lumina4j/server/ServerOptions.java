package io.github.lumina4j.server;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where a server listens, whom it answers, and what it takes on.
 *
 * @param host address to listen on; a loopback address is not reachable from other machines
 * @param port 0 for any that is free
 * @param apiKey what clients have to know; empty: everybody is answered
 * @param hostNames further names that clients on a loopback address may know the server by, as
 *     behind a proxy
 * @param queueCapacity requests that may wait, of all clients
 * @param queuePerClient requests that may wait, of one client
 * @param maxPictures pictures of one request
 * @param maxPixels of a picture that is drawn, both panels included
 * @param maxInputPixels of a picture that is given
 * @param maxBodyBytes of one request
 * @param timeLimit from the arrival of a request to its answer, waiting included
 * @param linger how long a job whose client has gone away goes on, and is found again after its
 *     end; zero: it is stopped at once
 * @param keepPictures how long a picture can be fetched by its URL
 * @param keepBytes memory for such pictures, and for those of jobs that have ended; the oldest go
 *     first
 */
public record ServerOptions(
    String host,
    int port,
    Optional<String> apiKey,
    Set<String> hostNames,
    int queueCapacity,
    int queuePerClient,
    int maxPictures,
    long maxPixels,
    long maxInputPixels,
    long maxBodyBytes,
    Duration timeLimit,
    Duration linger,
    Duration keepPictures,
    long keepBytes) {

  private static final Duration MAX_TIME = Duration.ofDays(365); // before DEFAULT, which needs it

  /** On 127.0.0.1:8080, for everybody on this machine. */
  public static final ServerOptions DEFAULT = builder().build();

  public ServerOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(apiKey, "apiKey");
    hostNames = Set.copyOf(hostNames);
    check(port >= 0 && port <= 65535, "port must be 0 to 65535, not " + port);
    check(apiKey.isEmpty() || !apiKey.get().isBlank(), "the API key is empty");
    atLeastOne("queue capacity", queueCapacity);
    atLeastOne("queue per client", queuePerClient);
    atLeastOne("pictures of a request", maxPictures);
    atLeastOne("pixels", maxPixels);
    atLeastOne("input pixels", maxInputPixels);
    atLeastOne("body bytes", maxBodyBytes);
    check(maxBodyBytes <= Integer.MAX_VALUE / 2, "body bytes must be below 1 GiB");
    within("time limit", timeLimit);
    check(
        !linger.isNegative() && linger.compareTo(MAX_TIME) <= 0,
        "time to linger must be 0 or more and at most a year");
    within("time to keep pictures", keepPictures);
    atLeastOne("bytes to keep pictures in", keepBytes);
  }

  public static Builder builder() {
    return new Builder();
  }

  private static void atLeastOne(String what, long value) {
    check(value >= 1, what + " must be 1 or more, not " + value);
  }

  private static void within(String what, Duration time) {
    check(
        time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(MAX_TIME) <= 0,
        what + " must be above 0 and at most a year");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Collects options. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 8080;
    private Optional<String> apiKey = Optional.empty();
    private Set<String> hostNames = Set.of();
    private int queueCapacity = 32;
    private int queuePerClient = 8;
    private int maxPictures = 10;
    private long maxPixels = 2048L * 2048;
    private long maxInputPixels = 64_000_000;
    private long maxBodyBytes = 32L << 20;
    private Duration timeLimit = Duration.ofHours(1);
    private Duration linger = Duration.ofMinutes(2);
    private Duration keepPictures = Duration.ofHours(1);
    private long keepBytes = 256L << 20;

    private Builder() {}

    public Builder host(String host) {
      this.host = host;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder apiKey(String key) {
      this.apiKey = Optional.of(key);
      return this;
    }

    public Builder hostNames(Set<String> names) {
      this.hostNames = names;
      return this;
    }

    /** Requests that may wait, of all clients and of one. */
    public Builder queue(int capacity, int perClient) {
      this.queueCapacity = capacity;
      this.queuePerClient = perClient;
      return this;
    }

    public Builder maxPictures(int count) {
      this.maxPictures = count;
      return this;
    }

    public Builder maxPixels(long pixels) {
      this.maxPixels = pixels;
      return this;
    }

    public Builder maxInputPixels(long pixels) {
      this.maxInputPixels = pixels;
      return this;
    }

    public Builder maxBodyBytes(long bytes) {
      this.maxBodyBytes = bytes;
      return this;
    }

    public Builder timeLimit(Duration limit) {
      this.timeLimit = limit;
      return this;
    }

    /** How long a job goes on whose client has gone away; zero: it is stopped at once. */
    public Builder linger(Duration time) {
      this.linger = time;
      return this;
    }

    /** How long, and in how much memory, pictures can be fetched by their URL. */
    public Builder keepPictures(Duration time, long bytes) {
      this.keepPictures = time;
      this.keepBytes = bytes;
      return this;
    }

    public ServerOptions build() {
      return new ServerOptions(
          host,
          port,
          apiKey,
          hostNames,
          queueCapacity,
          queuePerClient,
          maxPictures,
          maxPixels,
          maxInputPixels,
          maxBodyBytes,
          timeLimit,
          linger,
          keepPictures,
          keepBytes);
    }
  }
}

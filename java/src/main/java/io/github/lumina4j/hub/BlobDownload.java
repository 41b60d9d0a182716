package io.github.lumina4j.hub;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.internal.SmallBody;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file into {@code blobs}: its chunks in parallel, or in one piece from a server that
 * knows no ranges; then checks it and moves it into place.
 */
final class BlobDownload implements AutoCloseable {
  /** What all downloads of a pull share. */
  record Context(
      RepoFolder folder,
      String commit,
      HubApi api,
      HubHttp http,
      RetryPolicy policy,
      StopSignal stop,
      Workers workers,
      LongAdder arrived,
      AtomicInteger filesDone,
      long chunkBytes) {}

  /** How much one request asks for. */
  static final long CHUNK_BYTES = 32L << 20;

  private static final int NOBODY = -1;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final Context context;
  private final RemoteFile remote;
  private final String name;
  private final AtomicReference<HubApi.Location> location = new AtomicReference<>();
  private final AtomicBoolean finishing = new AtomicBoolean();

  // The chunk whose work brings all of the file, since the server ignores ranges.
  private final AtomicInteger owner = new AtomicInteger(NOBODY);
  private volatile PartialFile partial;
  private boolean damagedBefore;

  BlobDownload(Context context, RemoteFile remote) {
    this.context = context;
    this.remote = remote;
    name = context.folder().repo() + ": " + remote.path();
  }

  /** Begins or goes on; the rest is work for the workers. */
  void start() {
    try {
      partial =
          PartialFile.open(context.folder().partial(remote), remote.size(), context.chunkBytes());
    } catch (IOException e) {
      throw HubFailures.disk(context.folder().partial(remote), e);
    }
    if (partial.complete()) {
      finish();
    } else {
      submitChunks();
    }
  }

  private void submitChunks() {
    for (int chunk = 0; chunk < partial.chunks(); chunk++) {
      int number = chunk;
      if (partial.position(chunk) < partial.end(chunk)) {
        context.workers().submit(() -> fetch(number));
      }
    }
  }

  private void fetch(int chunk) {
    Retry retry = new Retry(context.policy(), context.stop());
    while (missing(chunk)) {
      long before = there(chunk);
      try {
        if (!transfer(chunk)) {
          return; // another request brings all of it
        }
        if (there(chunk) == before) {
          throw new IOException("the connection was cut");
        }
        retry.progress();
      } catch (IOException e) {
        if (there(chunk) > before) {
          retry.progress();
        }
        HubApi.Location at = location.get();
        retry.failed(name + " from " + (at == null ? "the hub" : at.uri().getHost()), e);
      }
    }
    if (partial.complete() && finishing.compareAndSet(false, true)) {
      finish();
    }
  }

  /** Asked for once, and again when the address has run out. */
  private synchronized HubApi.Location locate() throws IOException {
    if (location.get() == null) {
      location.set(context.api().locate(context.commit(), remote));
    }
    return location.get();
  }

  private boolean bringsAll(int chunk) {
    return owner.get() == chunk;
  }

  private boolean missing(int chunk) {
    return bringsAll(chunk) ? !partial.complete() : there(chunk) < partial.end(chunk);
  }

  /** A figure that grows with what this chunk's work brings. */
  private long there(int chunk) {
    return bringsAll(chunk) ? partial.bytes() : partial.position(chunk);
  }

  /** One request; false if it was given up for one that brings the whole file. */
  private boolean transfer(int chunk) throws IOException {
    HubApi.Location at = locate();
    int next = bringsAll(chunk) ? partial.firstIncomplete() : chunk;
    long from = partial.position(next);
    long end = partial.end(next);
    HubHttp.Answer answer =
        context.http().range(at.uri(), from, end, info -> body(info, chunk, from, end));
    int status = answer.status();
    if (status == 200) {
      return bringsAll(chunk);
    }
    if (status != 206) {
      location.compareAndSet(at, null);
      boolean ranOut = at.temporary() && status >= 400 && status < 500;
      if (ranOut && status != 416 && status != 429) {
        throw new BusyException("status " + status, Optional.empty());
      }
      HubFailures.checked(answer, context.folder().repo(), name, context.http().hasToken());
    }
    return true;
  }

  /** Where the body goes; empty if nowhere. */
  private Optional<BodySubscriber<byte[]>> body(ResponseInfo info, int chunk, long from, long end) {
    if (info.statusCode() == 206) {
      return Optional.of(write(from, rangeEnd(info, from, end)));
    }
    if (info.statusCode() != 200) {
      return Optional.empty();
    }
    OptionalLong length = info.headers().firstValueAsLong("Content-Length");
    if (length.isPresent() && length.getAsLong() != remote.size()) {
      throw sizes(Long.toString(length.getAsLong()));
    }
    if (!bringsAll(chunk) && !owner.compareAndSet(NOBODY, chunk)) {
      return Optional.of(new SmallBody(1));
    }
    return Optional.of(write(0, remote.size()));
  }

  private RangeBody write(long from, long end) {
    return new RangeBody(partial, name, from, end, context.arrived());
  }

  /** A server may send less than was asked for, but not other bytes, or of another file. */
  private long rangeEnd(ResponseInfo info, long from, long wanted) {
    String range = info.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches()
        || Long.parseLong(matcher.group(1)) != from
        || Long.parseLong(matcher.group(2)) >= wanted) {
      throw new CheckpointException(
          name
              + ": other bytes come than were asked for, '"
              + range
              + "' in place of "
              + from
              + "-"
              + (wanted - 1));
    }
    if (!matcher.group(3).equals("*") && Long.parseLong(matcher.group(3)) != remote.size()) {
      throw sizes(matcher.group(3));
    }
    return Long.parseLong(matcher.group(2)) + 1;
  }

  private CheckpointException sizes(String coming) {
    return new CheckpointException(
        name + ": a file of " + coming + " bytes comes, but the hub's list says " + remote.size());
  }

  private void finish() {
    try {
      partial.seal();
      String hash = BlobHash.of(partial, remote.size(), remote.hash(), context.stop());
      if (hash.equals(remote.hash())) {
        partial.moveTo(context.folder().blob(remote));
        context.filesDone().incrementAndGet();
        return;
      }
      context.arrived().add(-remote.size());
      partial.begin();
      if (damagedBefore || partial.chunks() == 0) {
        throw new CheckpointException(
            name + ": damaged on the way: its hash is " + hash + ", not " + remote.hash());
      }
      damagedBefore = true;
    } catch (IOException e) {
      throw HubFailures.disk(partial.path(), e);
    }
    location.set(null);
    owner.set(NOBODY);
    finishing.set(false);
    submitChunks();
  }

  @Override
  public void close() throws IOException {
    if (partial != null) {
      partial.close();
    }
  }
}

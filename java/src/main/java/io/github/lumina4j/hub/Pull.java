package io.github.lumina4j.hub;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.OtherModels;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** One pull, from the list of files to their names in the cache. */
final class Pull {
  private static final Duration LOCK_POLL = Duration.ofMillis(100);

  // Left free, so that the system can go on.
  private static final long SPARE_BYTES = 64L << 20;

  private final ModelHub.Limits limits;
  private final PullRequest request;
  private final PullListener listener;
  private final CancellationToken cancellation;
  private final StopSignal stop;
  private final RepoFolder folder;
  private final HubHttp http;
  private final HubApi api;

  // What the listener is told; set once each, when it is known.
  private List<RemoteFile> files = List.of();
  private long bytesTotal;
  private long bytesBefore;
  private final LongAdder arrived = new LongAdder();
  private final AtomicInteger filesDone = new AtomicInteger();

  Pull(
      HubSettings settings,
      ModelHub.Limits limits,
      PullRequest request,
      PullListener listener,
      CancellationToken cancellation,
      StopSignal stop) {
    this.limits = limits;
    this.request = request;
    this.listener = listener;
    this.cancellation = cancellation;
    this.stop = stop;
    folder = new RepoFolder(settings.cache(), request.repo());
    http = new HubHttp(settings, limits.policy().stall(), stop);
    api = new HubApi(http, settings.endpoint(), limits.policy(), stop, request.repo());
  }

  PulledModel run() {
    tell(PullProgress.Phase.LIST);
    String commit = api.commit(request.revision());
    files = wanted(commit);
    bytesTotal = files.stream().mapToLong(RemoteFile::size).sum();
    try {
      Files.createDirectories(folder.blobs());
      try (RepoLock lock = lock()) {
        download(commit);
        name(commit);
      }
    } catch (IOException e) {
      throw HubFailures.disk("to " + folder.root(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.stop();
      stop.check();
    }
    return new PulledModel(
        request.repo(),
        commit,
        folder.snapshot(commit),
        files.stream().map(RemoteFile::path).toList(),
        bytesTotal,
        arrived.sum());
  }

  private List<RemoteFile> wanted(String commit) {
    FileSelection selection = new FileSelection(request.include(), request.exclude());
    Map<String, RemoteFile> wanted = new LinkedHashMap<>();
    List<RemoteFile> all = api.files(commit);
    if (request.include().isEmpty()) {
      // Known by its names before gigabytes come; who asks for files by pattern knows what they
      // are.
      OtherModels.ofNames(all.stream().map(RemoteFile::path).toList())
          .ifPresent(
              what -> {
                throw new CheckpointException(request.repo() + ": " + what);
              });
    }
    for (RemoteFile file : all) {
      if (selection.wants(file.path())) {
        wanted.put(Names.file(file.path()), file);
      }
    }
    if (wanted.isEmpty()) {
      throw new CheckpointException(
          request.repo()
              + (request.include().isEmpty() && request.exclude().isEmpty()
                  ? ": no checkpoint in it, and no image tokenizer (movqgan*)"
                  : ": no file in it is wanted by these patterns"));
    }
    return List.copyOf(wanted.values());
  }

  private RepoLock lock() throws IOException {
    while (true) {
      Optional<RepoLock> lock = RepoLock.tryAcquire(folder);
      if (lock.isPresent()) {
        return lock.get();
      }
      tell(PullProgress.Phase.WAIT);
      stop.pause(LOCK_POLL);
    }
  }

  private void download(String commit) throws IOException, InterruptedException {
    // Files that are equal are one blob.
    Map<String, RemoteFile> missing = new LinkedHashMap<>();
    for (RemoteFile file : files) {
      if (folder.hasName(commit, file) || folder.hasBlob(file)) {
        bytesBefore += file.size();
        filesDone.incrementAndGet();
      } else if (missing.putIfAbsent(file.hash(), file) == null) {
        bytesBefore += Math.min(file.size(), PartialFile.bytesIn(folder.partial(file)));
      } else {
        bytesBefore += file.size();
        filesDone.incrementAndGet();
      }
    }
    checkSpace(bytesTotal - bytesBefore);
    List<BlobDownload> downloads = new ArrayList<>();
    try (Workers workers = new Workers(limits.connections(), stop)) {
      BlobDownload.Context context =
          new BlobDownload.Context(
              folder,
              commit,
              api,
              http,
              limits.policy(),
              stop,
              workers,
              arrived,
              filesDone,
              limits.chunkBytes());
      for (RemoteFile file : missing.values()) {
        BlobDownload download = new BlobDownload(context, file);
        downloads.add(download);
        workers.submit(download::start);
      }
      workers.await(
          cancellation,
          () ->
              tell(
                  bytesBefore + arrived.sum() < bytesTotal
                      ? PullProgress.Phase.DOWNLOAD
                      : PullProgress.Phase.CHECK));
    } finally {
      for (BlobDownload download : downloads) {
        download.close();
      }
    }
  }

  private void checkSpace(long needed) throws IOException {
    long free = limits.freeSpace().of(folder.blobs());
    if (needed > 0 && needed + SPARE_BYTES > free) {
      throw new LuminaException(
          ErrorCode.IO,
          String.format(
              Locale.ROOT,
              "%s needs %.1f GB more, but %s has %.1f GB left;"
                  + " HF_HUB_CACHE can name a folder on another disk",
              request.repo(),
              needed / 1e9,
              folder.cache(),
              free / 1e9));
    }
  }

  /** Only now does anything become visible; config.json last, which makes it a checkpoint. */
  private void name(String commit) throws IOException {
    stop.check();
    List<RemoteFile> order = new ArrayList<>(files);
    order.sort(Comparator.comparing(file -> file.path().equals("config.json")));
    for (RemoteFile file : order) {
      if (!folder.hasName(commit, file)) {
        folder.link(commit, file);
      }
    }
    folder.refer(request.revision(), commit);
  }

  private void tell(PullProgress.Phase phase) {
    listener.onProgress(
        new PullProgress(
            phase,
            filesDone.get(),
            files.size(),
            bytesBefore,
            bytesBefore + arrived.sum(),
            bytesTotal));
  }
}

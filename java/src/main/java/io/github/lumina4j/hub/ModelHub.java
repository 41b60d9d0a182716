package io.github.lumina4j.hub;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Fetches models from the Hugging Face hub into the cache that the Python library shares.
 *
 * <p>The environment says how: {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code
 * HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}, {@code HTTPS_PROXY}, {@code HTTP_PROXY}
 * and {@code NO_PROXY}. The token is sent to the hub's own host alone, and is in no message.
 */
public final class ModelHub {
  /** What tests change. */
  record Limits(RetryPolicy policy, int connections, long chunkBytes, FreeSpace freeSpace) {
    static final Limits USUAL =
        new Limits(
            RetryPolicy.USUAL,
            8,
            BlobDownload.CHUNK_BYTES,
            folder -> Files.getFileStore(folder).getUsableSpace());
  }

  /** Bytes that can be written below a folder. */
  @FunctionalInterface
  interface FreeSpace {
    long of(Path folder) throws IOException;
  }

  private final HubSettings settings;
  private final Limits limits;

  ModelHub(Map<String, String> variables, Limits limits) {
    this.settings = new HubSettings(Map.copyOf(variables));
    this.limits = limits;
  }

  /** The hub as the environment of this process describes it. */
  public static ModelHub ofEnvironment() {
    return of(System.getenv());
  }

  /** The hub as {@code variables} of an environment describe it. */
  public static ModelHub of(Map<String, String> variables) {
    return new ModelHub(variables, Limits.USUAL);
  }

  /** Where fetched models are. */
  public HubCache cache() {
    return new HubCache(settings.cache());
  }

  /**
   * Fetches what is not in the cache yet. Files come in parallel and in parts, are checked by size
   * and hash, and get their names when all of them are complete. What a pull that ended early has
   * fetched is kept, and the same pull continues from there, also in another process.
   *
   * @throws GenerationCancelledException soon after {@code cancellation}
   * @throws CheckpointException if there is no such model, or what comes is not what was announced
   * @throws LuminaException with {@link ErrorCode#IO} if the network, the hub or the disk fails
   */
  public PulledModel pull(
      PullRequest request, PullListener listener, CancellationToken cancellation) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    if (settings.offline()) {
      return cached(request);
    }
    StopSignal stop = new StopSignal();
    try (CancellationToken.Registration ended = cancellation.onCancel(stop::stop)) {
      return new Pull(settings, limits, request, listener, cancellation, stop).run();
    }
  }

  private PulledModel cached(PullRequest request) {
    RepoFolder folder = new RepoFolder(settings.cache(), request.repo());
    Path snapshot =
        cache()
            .find(request.repo(), request.revision())
            .orElseThrow(
                () ->
                    new CheckpointException(
                        request.repo()
                            + ": not in "
                            + folder.cache()
                            + ", and HF_HUB_OFFLINE forbids to fetch it"));
    FileSelection selection = new FileSelection(request.include(), request.exclude());
    try (Stream<Path> found = Files.walk(snapshot)) {
      List<Path> files =
          found
              .filter(Files::isRegularFile)
              .filter(file -> selection.wants(snapshot.relativize(file).toString()))
              .sorted()
              .toList();
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      List<String> names = files.stream().map(snapshot::relativize).map(Path::toString).toList();
      return new PulledModel(
          request.repo(), snapshot.getFileName().toString(), snapshot, names, bytes, 0);
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read " + snapshot + ": " + HubFailures.reason(e), e);
    }
  }
}

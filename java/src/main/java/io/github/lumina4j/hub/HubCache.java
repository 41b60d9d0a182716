package io.github.lumina4j.hub;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The models in the cache that {@code huggingface_hub} and {@link ModelHub} share. */
public final class HubCache {
  private final Path folder;

  HubCache(Path folder) {
    this.folder = folder;
  }

  /** The folder all of them are below; it need not exist. */
  public Path folder() {
    return folder;
  }

  /** The folder of a model's files, of the branch {@code main} if no revision is named. */
  public Optional<Path> find(RepoReference reference) {
    return find(reference.repo(), reference.revision().orElse(Names.MAIN));
  }

  Optional<Path> find(RepoId repo, String revision) {
    RepoFolder place = new RepoFolder(folder, repo);
    return reading(() -> place.commit(revision)).map(place::snapshot).filter(Files::isDirectory);
  }

  /** Which repository a folder that {@link #find} found is of; empty for other folders. */
  public static Optional<RepoId> repositoryOf(Path snapshot) {
    Path snapshots = snapshot.toAbsolutePath().normalize().getParent();
    boolean place =
        snapshots != null
            && snapshots.endsWith("snapshots")
            && snapshots.getParent() != null
            && snapshots.getParent().getFileName() != null;
    return place
        ? RepoId.ofFolderName(snapshots.getParent().getFileName().toString())
        : Optional.empty();
  }

  /** All repositories, by name. */
  public List<CachedRepo> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return reading(
        () -> {
          List<CachedRepo> found = new ArrayList<>();
          for (Path entry : entries(folder)) {
            Optional<RepoId> repo = RepoId.ofFolderName(entry.getFileName().toString());
            if (repo.isPresent() && Files.isDirectory(entry)) {
              found.add(new CacheScan(new RepoFolder(folder, repo.get())).repo());
            }
          }
          found.sort(Comparator.comparing(repo -> repo.repo().toString()));
          return found;
        });
  }

  /** What is in the cache of one repository. */
  public Optional<CachedRepo> list(RepoId repo) {
    return list().stream().filter(cached -> cached.repo().equals(repo)).findFirst();
  }

  /**
   * Removes one revision, and the files no other one shares; without a revision, all of the
   * repository.
   *
   * @return bytes freed
   * @throws CheckpointException if there is no such revision here
   * @throws LuminaException with {@link ErrorCode#IO} if a pull is at work there, or files cannot
   *     be removed
   */
  public long remove(RepoReference reference) {
    RepoFolder place = new RepoFolder(folder, reference.repo());
    if (!Files.isDirectory(place.root())) {
      throw missing(reference);
    }
    try (RepoLock lock =
        RepoLock.tryAcquire(place)
            .orElseThrow(
                () ->
                    new LuminaException(
                        ErrorCode.IO, reference.repo() + " is being pulled right now"))) {
      CacheScan scan = new CacheScan(place);
      long before = scan.repo().bytes();
      if (reference.revision().isPresent()) {
        removeRevision(place, reference);
      } else {
        removeAll(place);
      }
      return before - (Files.isDirectory(place.root()) ? scan.repo().bytes() : 0);
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot remove " + reference + ": " + HubFailures.reason(e), e);
    }
  }

  private void removeRevision(RepoFolder place, RepoReference reference) throws IOException {
    String commit =
        place
            .commit(reference.revision().orElseThrow())
            .filter(known -> Files.isDirectory(place.snapshot(known)))
            .orElseThrow(() -> missing(reference));
    // The names go first: what is left half-way is never taken for a model.
    for (Path ref : CacheScan.filesBelow(place.refs())) {
      if (Files.readString(ref).strip().equals(commit)) {
        Files.delete(ref);
      }
    }
    delete(place.snapshot(commit));
    // What huggingface_hub knows about the commit.
    delete(place.root().resolve(".no_exist").resolve(commit));
    Files.deleteIfExists(place.root().resolve("trees").resolve(commit + ".json"));
    Set<Path> used = new HashSet<>();
    for (Path file : CacheScan.filesBelow(place.snapshots())) {
      if (Files.exists(file)) {
        used.add(file.toRealPath());
      }
    }
    boolean unfinished = false;
    for (Path blob : CacheScan.filesBelow(place.blobs())) {
      if (blob.toString().endsWith(".incomplete")) {
        unfinished = true;
      } else if (!used.contains(blob.toRealPath())) {
        Files.delete(blob);
      }
    }
    if (!unfinished && entries(place.snapshots()).isEmpty()) {
      removeAll(place);
    }
  }

  private static void removeAll(RepoFolder place) throws IOException {
    delete(place.refs());
    delete(place.snapshots());
    delete(place.root());
  }

  private static void delete(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private CheckpointException missing(RepoReference reference) {
    return new CheckpointException(reference + ": not in " + folder);
  }

  private <T> T reading(Retry.Attempt<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read " + folder + ": " + HubFailures.reason(e), e);
    }
  }
}

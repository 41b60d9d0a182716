package io.github.lumina4j.hub;

import java.util.List;

/**
 * A repository in the cache.
 *
 * @param revisions those of which there are files, the last used first
 * @param bytes what all of it takes on the disk
 * @param unfinishedBytes how much of that is of downloads that were stopped
 */
public record CachedRepo(
    RepoId repo, List<CachedRevision> revisions, long bytes, long unfinishedBytes) {
  public CachedRepo {
    revisions = List.copyOf(revisions);
  }
}

package io.github.lumina4j.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * One revision of a repository in the cache.
 *
 * @param commit 40 hexadecimal digits
 * @param refs the branches and tags that stand for it, sorted
 * @param folder its files, by their names
 * @param files how many
 * @param bytes their size; revisions of a repository share files that are equal
 * @param lastUsed when a file of it was last read, as far as the file system tells
 */
public record CachedRevision(
    String commit, List<String> refs, Path folder, int files, long bytes, Instant lastUsed) {
  public CachedRevision {
    refs = List.copyOf(refs);
  }
}

package io.github.lumina4j.hub;

import java.util.List;
import java.util.Objects;

/**
 * What to fetch.
 *
 * @param repo the repository
 * @param revision a branch, a tag or a commit
 * @param include patterns of paths to fetch, in which {@code *} stands for any characters, {@code
 *     /} too; none: what a checkpoint needs, which is configuration, tokenizer, safetensors and
 *     {@code movqgan*}
 * @param exclude patterns of paths to leave out of those
 */
public record PullRequest(
    RepoId repo, String revision, List<String> include, List<String> exclude) {

  public PullRequest {
    Objects.requireNonNull(repo, "repo");
    Names.revision(revision);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    new FileSelection(include, exclude); // throws if a pattern is none
  }

  /** The checkpoint on the branch {@code main}. */
  public static PullRequest of(RepoId repo) {
    return new PullRequest(repo, Names.MAIN, List.of(), List.of());
  }
}

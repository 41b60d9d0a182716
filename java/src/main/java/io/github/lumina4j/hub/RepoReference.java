package io.github.lumina4j.hub;

import java.util.Optional;

/**
 * A repository, or one revision of it, as users write it: {@code ORG/NAME} or {@code
 * ORG/NAME@REVISION}.
 *
 * @param revision a branch, a tag or a commit; empty if none was named
 */
public record RepoReference(RepoId repo, Optional<String> revision) {
  public RepoReference {
    revision.ifPresent(Names::revision);
  }

  /**
   * Reads what a user wrote.
   *
   * @throws IllegalArgumentException if the text is no reference
   */
  public static RepoReference parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new RepoReference(RepoId.parse(text), Optional.empty())
        : new RepoReference(
            RepoId.parse(text.substring(0, at)), Optional.of(text.substring(at + 1)));
  }

  /** The same, or empty if the text is no reference: it may then be a path. */
  public static Optional<RepoReference> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return repo + revision.map(name -> "@" + name).orElse("");
  }
}

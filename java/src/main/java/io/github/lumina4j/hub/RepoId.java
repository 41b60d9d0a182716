package io.github.lumina4j.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/** The name of a model repository, such as {@code Alpha-VLLM/Lumina-mGPT-2.0}. */
public record RepoId(String owner, String name) {
  // The hub's own rules. Both parts become names of folders and parts of addresses.
  private static final Pattern PART =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");

  // Between the parts in the name of a folder, so it is in none of them.
  private static final String SEPARATOR = "--";
  private static final String MODELS = "models" + SEPARATOR;

  public RepoId {
    if (!allowed(owner) || !allowed(name) || name.endsWith(".git")) {
      throw new IllegalArgumentException(
          "'" + owner + "/" + name + "' is not ORG/NAME, the name of a repository");
    }
  }

  /**
   * Reads {@code ORG/NAME}.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static RepoId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not ORG/NAME, the name of a repository");
    }
    return new RepoId(text.substring(0, slash), text.substring(slash + 1));
  }

  /** Its folder in the cache, such as {@code models--Alpha-VLLM--Lumina-mGPT-2.0}. */
  String folderName() {
    return MODELS + owner + SEPARATOR + name;
  }

  /** The repository of a folder in the cache; empty if the folder is of another kind. */
  static Optional<RepoId> ofFolderName(String folder) {
    if (!folder.startsWith(MODELS)) {
      return Optional.empty();
    }
    String[] parts = folder.substring(MODELS.length()).split(SEPARATOR, -1);
    return parts.length == 2 && allowed(parts[0]) && allowed(parts[1])
        ? Optional.of(new RepoId(parts[0], parts[1]))
        : Optional.empty();
  }

  private static boolean allowed(String part) {
    return PART.matcher(part).matches() && !part.contains(SEPARATOR) && !part.contains("..");
  }

  @Override
  public String toString() {
    return owner + "/" + name;
  }
}

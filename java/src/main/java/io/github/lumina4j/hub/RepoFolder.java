package io.github.lumina4j.hub;

import io.github.lumina4j.internal.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Where things of one repository are in the cache: {@code blobs/HASH} are the files, {@code
 * snapshots/COMMIT/NAME} symbolic links to them, {@code refs/BRANCH} holds a commit.
 */
record RepoFolder(Path cache, RepoId repo) {
  /** How the names of files on their way end. */
  static final String PARTIAL = ".lumina.incomplete";

  Path root() {
    return cache.resolve(repo.folderName());
  }

  Path blobs() {
    return root().resolve("blobs");
  }

  Path blob(RemoteFile file) {
    return blobs().resolve(file.hash());
  }

  Path partial(RemoteFile file) {
    return blobs().resolve(file.hash() + PARTIAL);
  }

  Path refs() {
    return root().resolve("refs");
  }

  Path snapshots() {
    return root().resolve("snapshots");
  }

  Path snapshot(String commit) {
    return snapshots().resolve(commit);
  }

  Path snapshotFile(String commit, RemoteFile file) {
    return snapshot(commit).resolve(Names.file(file.path()));
  }

  Path lock() {
    return cache.resolve(".locks").resolve(repo.folderName()).resolve("lumina.lock");
  }

  /** The commit that a branch, a tag or the beginning of a commit stands for in the cache. */
  Optional<String> commit(String revision) throws IOException {
    Path ref = refs().resolve(Names.revision(revision));
    if (Files.isRegularFile(ref)) {
      String commit = Files.readString(ref, StandardCharsets.US_ASCII).strip();
      return Optional.of(commit).filter(Names::isCommit);
    }
    if (!revision.matches("[0-9a-f]{7,40}") || !Files.isDirectory(snapshots())) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(snapshots())) {
      var found =
          folders
              .map(folder -> folder.getFileName().toString())
              .filter(name -> Names.isCommit(name) && name.startsWith(revision))
              .toList();
      return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
  }

  /** Whether a file of the right size has a place under its name. */
  boolean hasName(String commit, RemoteFile file) throws IOException {
    return hasSize(snapshotFile(commit, file), file.size());
  }

  boolean hasBlob(RemoteFile file) throws IOException {
    return hasSize(blob(file), file.size());
  }

  private static boolean hasSize(Path file, long size) throws IOException {
    try {
      return Files.isRegularFile(file) && Files.size(file) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Gives a complete file its name. */
  void link(String commit, RemoteFile file) throws IOException {
    Path name = snapshotFile(commit, file);
    Files.createDirectories(name.getParent());
    Path target = name.getParent().relativize(blob(file));
    if (Files.isSymbolicLink(name) && Files.readSymbolicLink(name).equals(target)) {
      return;
    }
    String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
    Path temporary = root().resolve(".link." + suffix);
    Files.createSymbolicLink(temporary, target);
    try {
      Files.move(temporary, name, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Writes down what a branch or a tag stands for; a commit stands for itself. */
  void refer(String revision, String commit) throws IOException {
    Path ref = refs().resolve(Names.revision(revision));
    boolean known =
        revision.equals(commit)
            || Files.isRegularFile(ref, LinkOption.NOFOLLOW_LINKS)
                && Files.readString(ref, StandardCharsets.US_ASCII).equals(commit);
    if (!known) {
      Files.createDirectories(ref.getParent());
      AtomicFile.write(ref, out -> out.write(commit.getBytes(StandardCharsets.US_ASCII)));
    }
  }
}

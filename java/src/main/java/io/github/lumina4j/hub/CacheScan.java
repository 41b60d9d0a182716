package io.github.lumina4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is in one repository's folder, whoever has put it there. */
final class CacheScan {
  private final RepoFolder folder;

  CacheScan(RepoFolder folder) {
    this.folder = folder;
  }

  CachedRepo repo() throws IOException {
    Map<String, Set<String>> refs = refs();
    List<CachedRevision> revisions = new ArrayList<>();
    if (Files.isDirectory(folder.snapshots())) {
      try (Stream<Path> snapshots = Files.list(folder.snapshots())) {
        for (Path snapshot : snapshots.toList()) {
          String commit = snapshot.getFileName().toString();
          if (Names.isCommit(commit)) {
            revisions.add(revision(commit, refs.getOrDefault(commit, Set.of())));
          }
        }
      }
    }
    revisions.sort(Comparator.comparing(CachedRevision::lastUsed).reversed());
    long bytes = 0;
    long unfinished = 0;
    for (Path file : filesBelow(folder.root())) {
      if (file.toString().endsWith(".incomplete")) {
        unfinished += bytesOnDisk(file);
      } else if (!Files.isSymbolicLink(file)) {
        bytes += Files.size(file);
      }
    }
    return new CachedRepo(folder.repo(), revisions, bytes + unfinished, unfinished);
  }

  /** Commit to the names that stand for it. */
  private Map<String, Set<String>> refs() throws IOException {
    Map<String, Set<String>> refs = new HashMap<>();
    for (Path ref : filesBelow(folder.refs())) {
      refs.computeIfAbsent(Files.readString(ref).strip(), commit -> new TreeSet<>())
          .add(folder.refs().relativize(ref).toString());
    }
    return refs;
  }

  private CachedRevision revision(String commit, Set<String> refs) throws IOException {
    Set<Path> contents = new HashSet<>();
    int files = 0;
    for (Path file : filesBelow(folder.snapshot(commit))) {
      if (Files.isRegularFile(file)) {
        files++;
        contents.add(file.toRealPath());
      }
    }
    long bytes = 0;
    Instant lastUsed = Files.getLastModifiedTime(folder.snapshot(commit)).toInstant();
    for (Path content : contents) {
      BasicFileAttributes attributes = Files.readAttributes(content, BasicFileAttributes.class);
      bytes += attributes.size();
      lastUsed = latest(lastUsed, attributes.lastAccessTime());
    }
    return new CachedRevision(
        commit, List.copyOf(refs), folder.snapshot(commit), files, bytes, lastUsed);
  }

  private static Instant latest(Instant one, FileTime other) {
    return one.isAfter(other.toInstant()) ? one : other.toInstant();
  }

  /** Files on their way have holes, so their size says little. */
  private static long bytesOnDisk(Path file) throws IOException {
    return file.toString().endsWith(RepoFolder.PARTIAL)
        ? PartialFile.bytesIn(file)
        : Files.size(file);
  }

  /** Files and symbolic links, but no folders; none if there is no such folder. */
  static List<Path> filesBelow(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> Files.isSymbolicLink(path) || !Files.isDirectory(path)).toList();
    }
  }
}

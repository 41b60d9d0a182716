package io.github.lumina4j.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * A model that is in the cache.
 *
 * @param repo its repository
 * @param commit its revision, 40 hexadecimal digits
 * @param folder where it lies: a checkpoint folder, if the repository holds a checkpoint
 * @param files the paths that were asked for, below the folder
 * @param bytes their size
 * @param downloaded how many of the bytes this pull fetched
 */
public record PulledModel(
    RepoId repo, String commit, Path folder, List<String> files, long bytes, long downloaded) {
  public PulledModel {
    files = List.copyOf(files);
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One picture of a batch.
 *
 * @param line of the file that asks for it, from 1
 * @param key what its line is known by
 * @param hash of everything that decides the picture
 * @param folder where the paths of the line begin
 */
record BatchPicture(
    int line, String key, long seed, Path file, String hash, BatchLine options, Path folder) {

  /** The key of the text in the picture's file that tells what it is. */
  static final String TEXT = "lumina4j-batch";

  /** The text under {@link #TEXT}. */
  record Mark(String key, String hash) {}

  /** The request, read anew: a batch may have more given pictures than fit into memory. */
  GenerationRequest request() {
    return options.request(folder, seed);
  }

  Mark mark() {
    return new Mark(key, hash);
  }

  /** Whether its file is there and was made of this very request. */
  boolean done() {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      return JsonText.of(mark()).equals(ImageFiles.readText(file).get(TEXT));
    } catch (LuminaException e) {
      return false; // a file of another kind, or a damaged one
    }
  }
}

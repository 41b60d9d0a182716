package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One picture of a batch.
 *
 * @param line of the file that asks for it, from 1
 * @param key what its line is known by
 * @param size of the whole picture
 * @param mark everything that decides the picture
 * @param folder where the paths of the line begin
 */
record BatchPicture(
    int line,
    String key,
    long seed,
    Path file,
    ImageSize size,
    BatchMark mark,
    BatchLine options,
    Path folder) {

  /** The request, read anew: a batch may have more given pictures than fit into memory. */
  GenerationRequest request() {
    return options.request(folder, seed);
  }

  /** What its file is now. */
  BatchMark.Found find() {
    if (!Files.isRegularFile(file)) {
      return new BatchMark.Found(BatchMark.State.MISSING, List.of());
    }
    try {
      return mark.find(ImageFiles.readText(file));
    } catch (LuminaException e) {
      // A file of another kind, or a damaged one.
      return new BatchMark.Found(BatchMark.State.OTHER, List.of());
    }
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The prompts of DPG-Bench: a folder with one text file per item. */
record DpgPrompts(List<Item> items) {
  private static final String EXTENSION = ".txt";
  private static final int MAX_BYTES = 1 << 16;

  /**
   * One file.
   *
   * @param name without extension, which the benchmark knows the picture by
   */
  record Item(String name, String prompt) {}

  /**
   * Reads the files of a folder that end in {@code .txt}, in the order of their names.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the folder or a file cannot be read, a
   *     file is empty, or there is none
   */
  static DpgPrompts read(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.getFileName().toString().endsWith(EXTENSION)).sorted().toList();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO,
          folder + ": " + (Files.isDirectory(folder) ? "it cannot be read" : "no such folder"),
          e);
    }
    List<Item> items = new ArrayList<>();
    for (Path file : files) {
      String prompt = TextFiles.read(file, MAX_BYTES).strip();
      if (prompt.isEmpty()) {
        throw new LuminaException(ErrorCode.IO, file + ": no prompt in it");
      }
      String name = file.getFileName().toString();
      items.add(new Item(name.substring(0, name.length() - EXTENSION.length()), prompt));
    }
    if (items.isEmpty()) {
      throw new LuminaException(ErrorCode.IO, folder + ": no " + EXTENSION + " files in it");
    }
    return new DpgPrompts(items);
  }
}

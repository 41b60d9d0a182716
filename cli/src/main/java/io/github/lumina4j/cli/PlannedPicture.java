package io.github.lumina4j.cli;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.OutputFiles;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One of the pictures a command will make, and the files it goes to.
 *
 * @param number from 1
 * @param tokens the file for its codes, if wanted
 */
record PlannedPicture(int number, long seed, Path file, Optional<Path> tokens) {

  /**
   * All pictures of a command, their files known to be writable.
   *
   * @param count how many
   * @param firstSeed of the first picture; the others follow, after 2^64-1 comes 0
   * @param candidates seeds that each picture takes
   * @throws IllegalArgumentException if the count is out of range, or two things would go to one
   *     file
   * @throws io.github.lumina4j.LuminaException if a file cannot be written
   */
  static List<PlannedPicture> plan(
      PictureOptions options, int count, long firstSeed, int candidates) {
    checkCount(count);
    OutputPattern files = options.output();
    Optional<OutputPattern> tokens =
        Optional.ofNullable(options.saveTokens()).map(OutputPattern::new);
    Set<Path> taken = new HashSet<>();
    List<PlannedPicture> pictures = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      long seed = firstSeed + (number - 1L) * candidates;
      Path file = files.file(number, count, seed);
      if (!files.isStandardOutput()) {
        ImageFiles.checkWritable(file);
      }
      take(taken, file);
      if (candidates > 1) {
        ImageFiles.checkWritable(BestOf.sheetFile(file));
        take(taken, BestOf.sheetFile(file));
      }
      int own = number;
      Optional<Path> codes = tokens.map(pattern -> pattern.file(own, count, seed));
      codes.ifPresent(
          path -> {
            TextFiles.checkWritable(path);
            take(taken, path);
          });
      pictures.add(new PlannedPicture(number, seed, file, codes));
    }
    return pictures;
  }

  /**
   * Whether pictures of this size fit into their files and the files onto their disk, all together.
   *
   * @throws io.github.lumina4j.LuminaException if not
   */
  static void checkRoom(List<PlannedPicture> pictures, ImageSize size) {
    if (StandardInput.is(pictures.get(0).file())) {
      return;
    }
    pictures.forEach(
        picture -> ImageFiles.checkWritable(picture.file(), size.width(), size.height()));
    long all = (long) size.width() * size.height() * pictures.size();
    OutputFiles.checkWritable(pictures.get(0).file(), all);
  }

  /**
   * Passes a number of pictures.
   *
   * @throws IllegalArgumentException if there are none
   */
  static void checkCount(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("-n must be 1 or more, not " + count);
    }
  }

  private static void take(Set<Path> taken, Path file) {
    if (!taken.add(file.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(file + " would be written twice");
    }
  }
}

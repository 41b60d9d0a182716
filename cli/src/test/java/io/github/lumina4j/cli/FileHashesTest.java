package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHashesTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("f"), "weights");
  }

  private FileHashes hashes() {
    return new FileHashes(folder.resolve("cache"));
  }

  /** Waits until the file is old enough to be remembered: its last change cannot be set. */
  private void settle() throws InterruptedException {
    Thread.sleep(2500);
  }

  @Test
  void a_file_is_read_once_and_again_when_it_has_changed() throws Exception {
    settle();
    assertThat(hashes().cost(file)).isEqualTo(7);
    String first = hashes().of(file);
    assertThat(hashes().cost(file)).isZero();
    assertThat(hashes().of(file)).isEqualTo(first);

    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "WEIGHTS");
    Files.setLastModifiedTime(file, time);
    assertThat(hashes().cost(file)).as("the time of the change tells").isEqualTo(7);
    assertThat(hashes().of(file)).isNotEqualTo(first);
    Files.writeString(file, "weights");
    assertThat(hashes().of(file)).isEqualTo(first);
  }

  @Test
  void a_file_that_has_just_changed_is_not_remembered() {
    hashes().of(file);
    assertThat(hashes().cost(file)).isEqualTo(7);
  }

  @Test
  void without_a_cache_it_works_too() throws Exception {
    settle();
    Files.writeString(folder.resolve("cache"), "in the way");
    assertThat(hashes().of(file)).hasSize(64);
    Files.delete(folder.resolve("cache"));
    String known = hashes().of(file);
    try (Stream<Path> entries = Files.list(folder.resolve("cache/hashes"))) {
      for (Path entry : entries.toList()) {
        Files.writeString(entry, "damaged");
      }
    }
    assertThat(hashes().of(file)).isEqualTo(known);
  }
}

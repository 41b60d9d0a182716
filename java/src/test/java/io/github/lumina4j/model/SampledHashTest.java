package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampledHashTest {
  @TempDir private Path folder;

  private Path file(int size) throws IOException {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    return Files.write(folder.resolve("file"), bytes);
  }

  private static String changed(Path file, long at) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(at);
      int before = access.read();
      access.seek(at);
      access.write(before ^ 1);
      String hash = Sha256.sampled(file);
      access.seek(at);
      access.write(before);
      return hash;
    }
  }

  @Test
  void every_byte_of_a_small_file_counts() throws IOException {
    Path file = file(200_000);
    Set<String> hashes = new HashSet<>(Set.of(Sha256.sampled(file)));
    for (int at : new int[] {0, 65_535, 65_536, 150_000, 199_999}) {
      assertThat(hashes.add(changed(file, at))).as("byte %s", at).isTrue();
    }
    assertThat(Sha256.sampled(file)).isIn(hashes);
  }

  @Test
  void of_a_large_file_both_ends_count_and_not_all_between() throws IOException {
    Path file = file(20 << 20);
    String hash = Sha256.sampled(file);
    assertThat(changed(file, 10)).isNotEqualTo(hash);
    assertThat(changed(file, (20 << 20) - 1)).isNotEqualTo(hash);
    assertThat(changed(file, 100_000)).as("between two pieces").isEqualTo(hash);
  }

  @Test
  void the_length_counts() throws IOException {
    String hash = Sha256.sampled(file(0));
    assertThat(Sha256.sampled(Files.write(folder.resolve("other"), new byte[1])))
        .isNotEqualTo(hash);
  }
}

package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {
  private static final byte[] CONTENT =
      "0123456789abcdefghijklmno".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("x.part");
  }

  private PartialFile open() throws IOException {
    return PartialFile.open(path, CONTENT.length, 10);
  }

  private static long write(PartialFile file, int from, int end) throws IOException {
    return file.write(from, ByteBuffer.wrap(CONTENT, from, end - from));
  }

  @Test
  void chunks_fill_from_their_beginnings() throws IOException {
    try (PartialFile file = open()) {
      assertThat(file.chunks()).isEqualTo(3);
      assertThat(write(file, 10, 14)).isEqualTo(4);
      assertThat(file.position(1)).isEqualTo(14);
      assertThat(write(file, 16, 18)).as("behind a hole").isZero();
      assertThat(file.position(1)).isEqualTo(14);
      assertThat(write(file, 12, 16)).as("partly there").isEqualTo(2);
      assertThat(file.firstIncomplete()).isZero();
      assertThat(write(file, 0, 25)).as("across chunks").isEqualTo(19);
      assertThat(file.complete()).isTrue();
      assertThat(file.end(2)).isEqualTo(25);
    }
  }

  @Test
  void a_later_process_goes_on() throws IOException {
    try (PartialFile file = open()) {
      write(file, 0, 7);
      write(file, 20, 25);
    }
    assertThat(PartialFile.bytesIn(path)).isEqualTo(12);
    try (PartialFile file = open()) {
      assertThat(file.position(0)).isEqualTo(7);
      assertThat(file.position(1)).isEqualTo(10);
      assertThat(file.position(2)).isEqualTo(25);
      write(file, 7, 20);
      file.moveTo(folder.resolve("x"));
    }
    assertThat(folder.resolve("x")).hasBinaryContent(CONTENT);
    assertThat(path).doesNotExist();
  }

  @Test
  void a_file_of_another_size_or_kind_is_begun_anew() throws IOException {
    try (PartialFile file = open()) {
      write(file, 0, 7);
    }
    try (PartialFile file = PartialFile.open(path, CONTENT.length, 9)) {
      assertThat(file.bytes()).isZero();
      write(file, 0, 7);
    }
    try (PartialFile file = PartialFile.open(path, CONTENT.length + 1, 9)) {
      assertThat(file.bytes()).isZero();
    }
    Files.writeString(path, "something else that is quite long, but no such file");
    assertThat(PartialFile.bytesIn(path)).isZero();
    try (PartialFile file = open()) {
      assertThat(file.bytes()).isZero();
    }
    assertThat(PartialFile.bytesIn(folder.resolve("none"))).isZero();
  }

  @Test
  void a_sealed_file_does_not_change() throws IOException {
    try (PartialFile file = open()) {
      write(file, 0, 25);
      file.seal();
      assertThat(file.write(0, ByteBuffer.wrap(new byte[25]))).isZero();
      file.moveTo(folder.resolve("x"));
      assertThat(file.write(0, ByteBuffer.wrap(new byte[25]))).isZero();
    }
    assertThat(folder.resolve("x")).hasBinaryContent(CONTENT);
  }
}

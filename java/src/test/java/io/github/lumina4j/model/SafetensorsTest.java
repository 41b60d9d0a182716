package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole numbers to a safetensors file and back. */
class SafetensorsTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("a.safetensors");
  }

  private static Tensor bytes(String name, byte[] values, Long... shape) {
    return new Tensor(name, ElementType.U8, List.of(shape), out -> out.write(values));
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + json.length + dataBytes];
    all[0] = (byte) json.length;
    System.arraycopy(json, 0, all, 8, json.length);
    return Files.write(file(), all);
  }

  @Test
  void the_bytes_are_those_of_the_format() throws IOException {
    SafetensorsWriter.write(
        file(), Map.of("k", "v"), List.of(Tensor.ofInts("t", new int[] {1, -2, 9}, 2)));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    byte[] all = Files.readAllBytes(file());
    assertThat(all).hasSize(8 + padded + 8);
    assertThat(Arrays.copyOf(all, 8)).containsExactly(padded, 0, 0, 0, 0, 0, 0, 0);
    assertThat(new String(all, 8, padded, StandardCharsets.UTF_8)).startsWith(header).isNotBlank();
    assertThat(new String(all, 8, padded, StandardCharsets.UTF_8).strip()).isEqualTo(header);
    assertThat(Arrays.copyOfRange(all, 8 + padded, all.length))
        .containsExactly(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff);
  }

  // More numbers than one piece of output holds.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16384, 100_003})
  void numbers_come_back(int count) {
    int[] ints = IntStream.range(0, count + 5).map(i -> i * 77_777 - 5).toArray();
    long[] longs = LongStream.range(0, count).map(i -> i << 33 | i).toArray();
    byte[] bytes = new byte[2 * 3 * 4];
    Arrays.setAll(ints, i -> i * 77_777 - 5);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (250 + i);
    }
    SafetensorsWriter.write(
        file(),
        Map.of("made of", "日本 \"quoted\""),
        List.of(
            Tensor.ofInts("ints", ints, count),
            bytes("bytes", bytes, 2L, 3L, 4L),
            Tensor.ofLongs("longs", longs, count)));
    SafetensorsFile read = SafetensorsFile.read(file());
    assertThat(read.metadata()).isEqualTo(Map.of("made of", "日本 \"quoted\""));
    assertThat(read.tensors().keySet()).containsExactly("ints", "bytes", "longs");
    assertThat(read.tensors().get("bytes").shape()).containsExactly(2L, 3L, 4L);
    assertThat(read.ints("ints")).isEqualTo(Arrays.copyOf(ints, count));
    assertThat(read.longs("longs")).isEqualTo(longs);
    assertThat(read.bytes("bytes")).isEqualTo(bytes);
  }

  @Test
  void a_content_of_another_length_leaves_no_file() {
    assertThatThrownBy(
            () -> SafetensorsWriter.write(file(), Map.of(), List.of(bytes("t", new byte[3], 4L))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tensor t has 4 bytes, not 3");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void names_and_shapes_are_checked() {
    Tensor tensor = bytes("t", new byte[1], 1L);
    assertThatThrownBy(() -> SafetensorsWriter.write(file(), Map.of(), List.of(tensor, tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two tensors are called t");
    assertThatThrownBy(() -> bytes("__metadata__", new byte[1], 1L))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bytes("t", new byte[1], -1L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}x",
        "{\"t\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "{\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
        "{\"t\":{\"dtype\":\"I32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}",
        "{\"t\":{\"dtype\":\"I64\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
        "{\"t\":7}",
      })
  void a_damaged_header_is_refused_in_one_line(String header) throws IOException {
    write(header, 8);
    assertThatThrownBy(() -> SafetensorsFile.read(file()))
        .isInstanceOfSatisfying(
            LuminaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.IO);
              assertThat(e.getMessage()).startsWith(file() + ": damaged: ").doesNotContain("\n");
            });
  }

  @Test
  void what_is_not_there_is_said() throws IOException {
    assertThatThrownBy(() -> SafetensorsFile.read(folder.resolve("none")))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("there is no such file");
    write("{\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    SafetensorsFile read = SafetensorsFile.read(file());
    assertThatThrownBy(() -> read.ints("u")).hasMessageContaining("no tensor u of I32");
    assertThatThrownBy(() -> read.bytes("t")).hasMessageContaining("no tensor t of U8");
  }

  @Test
  void numbers_need_not_be_aligned() throws IOException {
    String tensors =
        "{\"flag\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"t\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[3,11]}}";
    for (String blanks : List.of("", " ", "  ", "   ")) {
      Path path = write(tensors + blanks, 11);
      byte[] all = Files.readAllBytes(path);
      all[all.length - 4] = 7;
      Files.write(path, all);
      assertThat(SafetensorsFile.read(path).ints("t")).containsExactly(0, 7);
    }
  }

  @Test
  void what_downloads_leave_instead_is_named() throws IOException {
    Files.writeString(file(), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    assertThatThrownBy(() -> SafetensorsFile.read(file()))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("is a Git LFS pointer, not the file itself; fetch it with");
  }
}

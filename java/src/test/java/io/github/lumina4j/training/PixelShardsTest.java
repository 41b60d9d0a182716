package io.github.lumina4j.training;

import static io.github.lumina4j.training.Examples.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.LuminaException;
import io.github.lumina4j.image.Panels;
import io.github.lumina4j.model.SafetensorsFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures on disk. */
class PixelShardsTest {
  @TempDir Path folder;

  private PixelShards.Writer writer() {
    return new PixelShards.Writer(folder, PixelShards.NAME, Map.of("target_size", "32"));
  }

  private SafetensorsFile shard(int number) {
    return SafetensorsFile.read(PixelShards.files(folder).get(number));
  }

  @Test
  void pictures_lie_one_after_the_other() {
    try (PixelShards.Writer writer = writer()) {
      writer.add(0, List.of(picture(64, 32, 0)));
      writer.add(2, List.of(picture(64, 32, 100)));
    }
    SafetensorsFile file = shard(0);
    assertThat(file.tensors().get("pixels").shape()).containsExactly(2L, 32L, 64L, 3L);
    byte[] pixels = file.bytes("pixels");
    int half = pixels.length / 2;
    assertThat(Arrays.copyOf(pixels, half)).isEqualTo(picture(64, 32, 0).pixels());
    assertThat(Arrays.copyOfRange(pixels, half, 2 * half)).isEqualTo(picture(64, 32, 100).pixels());
    assertThat(file.metadata())
        .containsEntry("format", "lumina4j-pixels")
        .containsEntry("version", "1")
        .containsEntry("panels", "1")
        .containsEntry("records", "2")
        .containsEntry("last_id", "2");
  }

  @Test
  void two_panels_are_one_picture_and_say_so() {
    try (PixelShards.Writer writer = writer()) {
      writer.add(0, List.of(picture(32, 32, 0), picture(32, 32, 50)));
    }
    assertThat(shard(0).tensors().get("pixels").shape()).containsExactly(1L, 64L, 32L, 3L);
    assertThat(shard(0).bytes("pixels"))
        .isEqualTo(Panels.stack(picture(32, 32, 0), picture(32, 32, 50)).pixels());
    assertThat(shard(0).metadata()).containsEntry("panels", "2");
  }

  @Test
  void all_are_of_one_size_also_in_the_next_run() {
    try (PixelShards.Writer writer = writer()) {
      writer.add(0, List.of(picture(32, 64, 0)));
    }
    try (PixelShards.Writer writer = writer()) {
      assertThat(writer.nextId()).isEqualTo(1);
      assertThatThrownBy(() -> writer.add(1, List.of(picture(64, 32, 0))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("64x32 pixels in 1 panel, but the others have 32x64 pixels in 1 panel");
      // The same size, but the halves are encoded each by itself.
      assertThatThrownBy(() -> writer.add(1, List.of(picture(32, 32, 0), picture(32, 32, 0))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("in 2 panels");
      assertThatThrownBy(() -> writer.check(List.of(picture(32, 32, 0), picture(64, 32, 0))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.check(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      writer.add(1, List.of(picture(32, 64, 9)));
    }
    assertThat(PixelShards.files(folder)).hasSize(2);
  }

  @Test
  void large_pictures_make_shards_of_fewer() {
    try (PixelShards.Writer writer = writer()) {
      for (int i = 0; i < 4; i++) {
        writer.add(i, List.of(picture(2048, 4096, 0))); // 24 MiB
      }
    }
    assertThat(PixelShards.files(folder)).hasSize(2);
    assertThat(shard(0).metadata()).containsEntry("records", "3");
  }

  @Test
  void shards_without_pictures_are_refused() {
    try (RecordShards.Writer writer =
        new RecordShards.Writer(
            folder, PixelShards.NAME, Map.of("format", "lumina4j-pixels", "target_size", "32"))) {
      writer.add(0, new TokenRecord(new int[] {1}, new int[] {1}));
    }
    assertThatThrownBy(this::writer)
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("not a file of pictures");
  }
}

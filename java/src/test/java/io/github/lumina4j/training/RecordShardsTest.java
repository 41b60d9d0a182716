package io.github.lumina4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records on disk. */
class RecordShardsTest {
  private static final Map<String, String> MADE_BY = Map.of("seed", "7");

  @TempDir Path folder;

  private RecordShards.Writer writer() {
    return new RecordShards.Writer(folder, RecordShards.NAME, MADE_BY);
  }

  private static List<TokenRecord> records(int count) {
    Random random = new Random(3);
    List<TokenRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] tokens = random.ints(1 + random.nextInt(6), 0, 200_000).toArray();
      int[] labels = tokens.clone();
      if (tokens.length > 1) {
        labels[0] = TokenRecord.NO_LABEL;
      }
      records.add(new TokenRecord(tokens, labels));
    }
    return records;
  }

  private List<TokenRecord> all() {
    List<TokenRecord> found = new ArrayList<>();
    RecordShards.files(folder).forEach(file -> found.addAll(RecordShards.read(file)));
    return found;
  }

  @Test
  void the_tensors_are_those_the_trainer_reads() {
    try (RecordShards.Writer writer = writer()) {
      writer.add(4, new TokenRecord(new int[] {1, 2, 3}, new int[] {-100, 2, 3}));
      writer.add(9, new TokenRecord(new int[] {5}, new int[] {5}));
    }
    SafetensorsFile file = SafetensorsFile.read(folder.resolve("records-00000.safetensors"));
    assertThat(file.ints("tokens")).containsExactly(1, 2, 3, 5);
    assertThat(file.ints("labels")).containsExactly(-100, 2, 3, 5);
    assertThat(file.longs("offsets")).containsExactly(0, 3, 4);
    assertThat(file.metadata())
        .isEqualTo(
            Map.of(
                "format", "lumina4j-records",
                "version", "1",
                "records", "2",
                "last_id", "9",
                "seed", "7"));
  }

  @Test
  void a_full_shard_is_on_disk_before_the_end_and_the_next_run_continues() {
    List<TokenRecord> records = records(2 * 4096 + 3);
    RecordShards.Writer killed = writer();
    for (int i = 0; i < 5000; i++) {
      killed.add(2L * i, records.get(i));
    }
    assertThat(RecordShards.files(folder)).hasSize(1);
    try (RecordShards.Writer next = writer()) {
      assertThat(next.records()).isEqualTo(4096);
      assertThat(next.nextId()).isEqualTo(2 * 4095 + 1);
      for (int i = 4096; i < records.size(); i++) {
        next.add(2L * i, records.get(i));
      }
    }
    assertThat(RecordShards.files(folder).stream().map(file -> file.getFileName().toString()))
        .containsExactly(
            "records-00000.safetensors", "records-00001.safetensors", "records-00002.safetensors");
    assertThat(all()).isEqualTo(records);
    try (RecordShards.Writer finished = writer()) {
      assertThat(finished.records()).isEqualTo(records.size());
    }
    assertThat(RecordShards.files(folder)).hasSize(3);
  }

  @Test
  void long_records_make_shards_of_fewer() {
    TokenRecord large = new TokenRecord(new int[3 << 20], new int[3 << 20]); // 24 MiB
    try (RecordShards.Writer writer = writer()) {
      for (int i = 0; i < 4; i++) {
        writer.add(i, large);
      }
    }
    assertThat(RecordShards.files(folder)).hasSize(2);
    assertThat(RecordShards.read(RecordShards.files(folder).get(0))).hasSize(3);
  }

  @Test
  void an_earlier_id_is_refused() {
    TokenRecord record = records(1).get(0);
    try (RecordShards.Writer writer = writer()) {
      writer.add(3, record);
      assertThatThrownBy(() -> writer.add(3, record)).isInstanceOf(IllegalArgumentException.class);
    }
    try (RecordShards.Writer writer = writer()) {
      assertThatThrownBy(() -> writer.add(3, record)).isInstanceOf(IllegalArgumentException.class);
      writer.add(4, record);
    }
  }

  @Test
  void shards_of_something_else_are_not_continued() {
    try (RecordShards.Writer writer = writer()) {
      writer.add(0, records(1).get(0));
    }
    assertThatThrownBy(
            () -> new RecordShards.Writer(folder, RecordShards.NAME, Map.of("seed", "8")))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageContaining("made with seed 7, not 8");
    // Another part of the same folder is its own business.
    try (RecordShards.Writer part =
        new RecordShards.Writer(folder, "records-00001-of-00002", Map.of("seed", "8"))) {
      assertThat(part.records()).isZero();
      part.add(0, records(1).get(0));
    }
    assertThat(RecordShards.files(folder).stream().map(file -> file.getFileName().toString()))
        .containsExactly("records-00000.safetensors", "records-00001-of-00002-00000.safetensors");
    assertThat(writer().records()).isEqualTo(1);
  }

  @Test
  void a_shard_that_is_missing_or_damaged_is_said() throws IOException {
    try (RecordShards.Writer writer = writer()) {
      writer.add(0, records(1).get(0));
    }
    Path first = RecordShards.files(folder).get(0);
    Path second = folder.resolve("records-00001.safetensors");
    Files.move(first, second);
    assertThatThrownBy(this::writer).hasMessage(first + ": this shard is missing");
    Files.write(second, new byte[4]);
    assertThatThrownBy(() -> RecordShards.read(second)).hasMessageContaining("damaged");
  }

  @Test
  void a_record_has_as_many_labels_as_tokens_and_something_to_learn() {
    for (int[][] pair :
        new int[][][] {{{1, 2}, {1}}, {{1}, {2}}, {{-1}, {-1}}, {{1, 2}, {-100, -100}}, {{}, {}}}) {
      assertThatThrownBy(() -> new TokenRecord(pair[0], pair[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

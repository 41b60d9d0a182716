package io.github.lumina4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.training.DataSources.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The YAML file in which the Python original lists its training data. */
class DataSourcesTest {
  @TempDir Path folder;

  private List<Source> read(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("data.yaml"), yaml);
    return DataSources.of(new Finetuning.Data(file, 0.5));
  }

  private Path make(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "[]");
  }

  @Test
  void everything_else_is_one_source() {
    Path path = folder.resolve("record.json");
    assertThat(DataSources.of(new Finetuning.Data(path, 0.5)))
        .containsExactly(new Source(path, 0.5, ""));
  }

  @Test
  void sources_have_paths_ratios_and_types() throws IOException {
    Path first = make("record.json");
    Path second = make("b/record.jsonl");
    assertThat(
            read(
                "META:\n  - path: 'record.json'\n  - path: b/record.jsonl\n    ratio: 0.5\n"
                    + "    type: edits\n  - {path: "
                    + first
                    + ", ratio: 1, type: default}\n"))
        .containsExactly(
            new Source(first, 0.5, ""),
            new Source(second, 0.25, "edits"),
            new Source(first, 0.5, ""));
  }

  @Test
  void paths_of_another_machine_are_found_beside_the_list() throws IOException {
    Path file = make("set/record.json");
    assertThat(read("META: [{path: /no/such/disk/set/record.json}, {path: out/set/record.json}]"))
        .extracting(Source::path)
        .containsExactly(file, file);
    Path plain = make("other.json");
    assertThat(read("META: [{path: /no/such/disk/other.json}]"))
        .extracting(Source::path)
        .containsExactly(plain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: 1|needs a list META",
        "[1]|needs a list META",
        "META: []|META is empty",
        "META: [{ratio: 1}]|entry 1 of META has no path",
        "META: [{path: gone.json}]|entry 1 of META names gone.json, which is neither there nor",
        "META: [{path: record.json, ratio: 0}]|entry 1 of META has the ratio 0, which must be above",
        "META: [{path: record.json, ratio: x}]|has the ratio x",
        "META: [{path: record.json, type: 3}]|has a type that is not a text",
        "META: [{path: record.json, root: a}]|has the unknown key root; known: path, ratio, type",
        "META: [|is not YAML",
        "META: !!javax.script.ScriptEngineManager []|is not YAML",
      })
  void what_is_wrong_is_named(String yaml, String message) throws IOException {
    make("record.json");
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOfSatisfying(
            LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageStartingWith(folder.resolve("data.yaml") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void the_engine_is_told_every_source() throws IOException {
    make("record.json");
    Path yaml =
        Files.writeString(
            folder.resolve("d.yml"),
            "META:\n  - path: record.json\n  - path: record.json\n    type: edits\n");
    assertThat(DataSources.of(new Finetuning.Data(yaml, 1)))
        .extracting(Source::type)
        .containsExactly("", "edits");
    assertThatThrownBy(() -> DataSources.of(new Finetuning.Data(folder.resolve("no.yaml"), 1)))
        .hasMessage(folder.resolve("no.yaml") + ": no such file");
  }
}

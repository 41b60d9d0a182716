package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.Adapter;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code --lora}, and {@code lumina merge}. */
class AdaptersTest extends CommandTest {
  private Adapter parsed(String text) {
    return AdapterArgument.parse(text);
  }

  @Test
  void the_scale_is_the_number_behind_the_last_colon() throws IOException {
    assertThat(parsed("a")).isEqualTo(new Adapter(Path.of("a"), 1));
    assertThat(parsed("a:0.5")).isEqualTo(new Adapter(Path.of("a"), 0.5));
    assertThat(parsed("a/b.safetensors:-2")).isEqualTo(new Adapter(Path.of("a/b.safetensors"), -2));
    assertThat(parsed("a:b")).isEqualTo(new Adapter(Path.of("a:b"), 1));
    assertThat(parsed("a:b:1e-1")).isEqualTo(new Adapter(Path.of("a:b"), 0.1));
    assertThat(parsed("a:")).isEqualTo(new Adapter(Path.of("a:"), 1));
    Path ends = Files.createDirectory(file("run:2"));
    assertThat(parsed(ends.toString())).isEqualTo(new Adapter(ends, 1));
    assertThat(parsed(ends + ":3")).isEqualTo(new Adapter(ends, 3));
  }

  @Test
  void adapters_reach_the_library_and_the_picture_knows_them() {
    Path ink = file("ink");
    Path night = file("night/adapter_model.safetensors");
    succeed("generate", "fox", "--lora", ink + ":0.5", "--lora", night, "-o", file("a.png"));
    assertThat(backend.opened.get(0).adapters())
        .containsExactly(new Adapter(ink, 0.5), new Adapter(night, 1));
    assertThat(ImageFiles.readText(file("a.png"))).containsEntry("lora", "ink:0.5, night:1.0");
    List<UsedAdapter> recorded = PictureText.read(file("a.png")).lora();
    assertThat(recorded).containsExactly(new UsedAdapter("ink", 0.5), new UsedAdapter("night", 1));
    assertThat(succeed("inspect", file("a.png")).out()).contains("ink:0.5, night:1.0");
  }

  @Test
  void edits_take_adapters_too() {
    succeed("edit", picture("in.png", 64, 64), "night", "--lora", file("ink"), "-o", file("a.png"));
    assertThat(backend.opened.get(0).adapters()).containsExactly(Adapter.of(file("ink")));
  }

  @Test
  void without_adapters_the_picture_says_nothing_of_them() {
    succeed("generate", "fox", "-o", file("a.png"));
    assertThat(backend.opened.get(0).adapters()).isEmpty();
    assertThat(ImageFiles.readText(file("a.png"))).doesNotContainKey("lora");
    assertThat(PictureText.read(file("a.png")).lora()).isNull();
  }

  @Test
  void arguments_that_name_no_adapter_are_refused() {
    refuse(2, "finite", "generate", "fox", "--lora", "a:NaN", "-o", file("a.png"));
    refuse(2, "names no adapter", "generate", "fox", "--lora", ":0.5", "-o", file("a.png"));
    refuse(2, "names no adapter", "merge", model(), file("out"), "--lora", "");
    refuse(2, "--lora", "merge", model(), file("out"));
    assertThat(backend.merges).isEmpty();
  }

  @Test
  void merge_hands_over_model_adapters_and_folder() {
    Path out = file("merged");
    Object[] command = {"merge", model(), out, "--lora", file("a") + ":0.7", "--lora", file("b")};
    assertThat(succeed(command).out()).isEqualTo(out + "\n");
    assertThat(backend.merges)
        .containsExactly(
            new FakeBackend.Merge(
                out, model(), List.of(new Adapter(file("a"), 0.7), Adapter.of(file("b")))));
  }

  @Test
  void merge_reports_as_json() {
    Program.Result result =
        succeed("merge", model(), file("out"), "--lora", file("a") + ":0.7", "--json");
    JsonNode report = json(result.out());
    assertThat(report.path("folder").asText()).isEqualTo(file("out").toString());
    assertThat(report.path("model").asText()).isEqualTo(model().toString());
    assertThat(report.path("lora").path(0).path("name").asText()).isEqualTo("a");
    assertThat(report.path("lora").path(0).path("scale").asDouble()).isEqualTo(0.7);
  }

  @Test
  void merge_starts_from_recipes_and_refuses_what_is_no_checkpoint() {
    succeed("merge", "recipe:tiny", file("out"), "--lora", file("a"));
    assertThat(backend.merges.get(0).model()).startsWith(file("cache"));
    refuse(3, "no such folder", "merge", file("nowhere"), file("out"), "--lora", file("a"), "-q");
    backend.failure = new CheckpointException("ink: no such file or folder");
    refuse(3, "ink", "merge", model(), file("out"), "--lora", "ink", "-q");
    assertThat(backend.merges).hasSize(1);
  }
}

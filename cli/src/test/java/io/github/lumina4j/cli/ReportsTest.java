package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code tasks}, {@code devices}, {@code bench} and {@code recipe}. */
class ReportsTest extends CommandTest {
  @Test
  void tasks_lists_every_task_with_source_and_status_of_its_wording() {
    String text = succeed("tasks").out();
    for (Task task : Tasks.builtIn()) {
      assertThat(text)
          .contains("\n  " + task.title() + "\n")
          .contains("wording  " + task.status().words() + ": " + task.source() + "\n");
    }
    assertThat(text).startsWith("t2i (text-to-image)\n");
    JsonNode tasks = json(succeed("tasks", "--json").out()).path("tasks");
    assertThat(tasks).hasSize(Tasks.builtIn().size());
    assertThat(tasks.path(0).path("template").asText()).contains("{prompt}");
  }

  @Test
  void one_task_is_shown_with_its_template() {
    assertThat(succeed("tasks", "subject-paper").out())
        .contains("lumina edit", "picture, prompt, description", "not confirmed", "{description}");
    refuse(2, "unknown task 'x'", "tasks", "x");
  }

  @Test
  void devices_tells_what_is_usable_and_why_not() {
    String text = succeed("devices").out();
    assertThat(text)
        .contains("cpu  A processor\n", "avx2, fma", "8.0 GiB, 4.0 GiB available")
        .containsPattern("usable +yes\n")
        .containsPattern("usable +no: no driver\n");
    JsonNode devices = json(succeed("devices", "--json").out()).path("devices");
    assertThat(devices.path(0).path("memory_bytes").asLong()).isEqualTo(8L << 30);
    assertThat(devices.path(1).path("usable").asBoolean()).isFalse();
  }

  @Test
  void bench_measures_what_is_asked_and_prints_a_table() {
    String text =
        succeed(
                "bench",
                "--dtype",
                "bf16",
                "--threads",
                2,
                "--cache-lengths",
                "8,16",
                "--windows",
                "4,32",
                "--steps",
                3,
                "--prompt-tokens",
                9,
                "--image-sides",
                "64,128")
            .out();
    assertThat(text)
        .containsPattern("read bandwidth +20.00 GB/s\n")
        .containsPattern("prefill +64 tokens in 500.0 ms\n")
        .containsPattern("1024 +250.00 +8.00 +4.00 GB +80 %\n")
        .containsPattern("64 +1.00 +1000.00 +2.50 MB +1 %\n")
        .containsPattern("256x256 +1.50 +2.50\n")
        .containsPattern("peak memory +5.0 GiB\n");
    assertThat(backend.benches)
        .singleElement()
        .satisfies(
            options -> {
              assertThat(options.model()).isEqualTo(model().toString());
              assertThat(options.imageTokenizer()).endsWith("movqgan.safetensors");
              assertThat(options.dtype()).isEqualTo("bf16");
              assertThat(options.threads()).isEqualTo(2);
              assertThat(options.cacheLengths()).containsExactly(8, 16);
              assertThat(options.steps()).isEqualTo(3);
              assertThat(options.promptTokens()).isEqualTo(9);
              assertThat(options.imageSides()).containsExactly(64, 128);
            });
  }

  @Test
  void bench_has_usual_figures_a_recipe_and_json() {
    JsonNode report = json(succeed("bench", "--recipe", "tiny", "--json").out());
    assertThat(report.path("steps").path(1).path("tokens_per_second").asDouble()).isEqualTo(8);
    assertThat(report.path("peak_memory_bytes").asLong()).isEqualTo(5L << 30);
    assertThat(backend.benches.get(0).model()).contains("recipes/tiny-");
    assertThat(backend.benches.get(0).cacheLengths()).containsExactly(64, 1024, 4656);
    assertThat(backend.benches.get(0).windows()).containsExactly(8, 16, 32);
    assertThat(backend.benches.get(0).imageSides()).containsExactly(256);
    assertThat(report.at("/steps/1/windows/0/steps").asDouble()).isEqualTo(2);
    succeed("bench", "--image-sides", 0, "--windows", 0);
    assertThat(backend.benches.get(1).imageSides()).isEmpty();
    assertThat(backend.benches.get(1).windows()).isEmpty();
  }

  @Test
  void recipe_writes_what_is_asked() {
    Path target = file("made");
    assertThat(succeed("recipe", target).out()).isEqualTo(target + "\n");
    assertThat(backend.lastRecipe).isEqualTo(RecipeCheckpoint.Options.of("tiny"));
    Program.Result result =
        succeed(
            "recipe",
            target,
            "--preset",
            "2b",
            "--layers",
            4,
            "--dtype",
            "fp32",
            "--image-tokenizer",
            "270m",
            "--salt",
            "s1",
            "--json");
    assertThat(backend.lastRecipe)
        .isEqualTo(new RecipeCheckpoint.Options("2b", 4, "fp32", "270m", "s1"));
    JsonNode report = json(result.out());
    assertThat(report.path("folder").asText()).isEqualTo(target.toString());
    assertThat(report.path("recipe").path("layers").asInt()).isEqualTo(4);
    assertThat(backend.recipes).isEqualTo(List.of(target, target));
  }
}

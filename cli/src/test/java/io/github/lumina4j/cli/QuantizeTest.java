package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.Activations;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.KvCache;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.image.ImageFiles;
import org.junit.jupiter.api.Test;

/** {@code --quantize}, {@code --activations} and {@code lumina quantize}. */
class QuantizeTest extends CommandTest {
  @Test
  void formats_reach_the_library_and_the_picture_knows_them() {
    succeed(
        "generate",
        "fox",
        "--quantize",
        "int4:64",
        "--activations",
        "exact",
        "--kv-cache",
        "int8",
        "-o",
        file("a.png"));
    assertThat(backend.opened.get(0).quantization()).contains(new Quantization("int4:64"));
    assertThat(backend.opened.get(0).activations()).isEqualTo(Activations.EXACT);
    assertThat(ImageFiles.readText(file("a.png")))
        .containsEntry("quantize", "int4:64")
        .containsEntry("activations", "exact")
        .containsEntry("kv-cache", "int8");
    assertThat(backend.opened.get(0).kvCache()).isEqualTo(KvCache.INT8);
    assertThat(succeed("inspect", file("a.png")).out()).contains("int4:64");
    succeed("edit", picture("in.png", 64, 64), "night", "--quantize", "int8", "-o", file("b.png"));
    assertThat(backend.opened.get(1).quantization()).contains(Quantization.INT8);
    succeed("bench", "--quantize", "int4", "--activations", "exact", "--kv-cache", "int8");
    assertThat(backend.benches.get(0).kvCache()).isEqualTo("int8");
    assertThat(backend.benches.get(0).quantize()).isEqualTo("int4");
    assertThat(backend.benches.get(0).activations()).isEqualTo("exact");
  }

  @Test
  void without_a_format_weights_stay_as_they_are() {
    succeed("generate", "fox", "-o", file("a.png"));
    assertThat(backend.opened.get(0).quantization()).isEmpty();
    assertThat(backend.opened.get(0).activations()).isEqualTo(Activations.INT8);
    assertThat(ImageFiles.readText(file("a.png")))
        .doesNotContainKeys("quantize", "activations", "kv-cache");
    assertThat(backend.opened.get(0).kvCache()).isEqualTo(KvCache.AUTO);
    succeed("bench");
    assertThat(backend.benches.get(0).quantize()).isEmpty();
  }

  @Test
  void quantize_hands_over_model_format_and_folder() {
    assertThat(succeed("quantize", model(), file("out")).out()).isEqualTo(file("out") + "\n");
    succeed("quantize", model(), file("b"), "--group", 64, "--method", "hqq");
    succeed("quantize", model(), file("c"), "--format", "int8");
    assertThat(backend.quantizations)
        .containsExactly(
            new FakeBackend.Quantize(file("out"), model(), Quantization.INT4),
            new FakeBackend.Quantize(file("b"), model(), new Quantization("int4:64:hqq")),
            new FakeBackend.Quantize(file("c"), model(), Quantization.INT8));
  }

  @Test
  void quantize_reports_as_json_and_refuses_what_is_no_checkpoint() {
    Program.Result result = succeed("quantize", "recipe:tiny", file("out"), "--json");
    assertThat(json(result.out()).path("quantization").asText()).isEqualTo("int4");
    assertThat(json(result.out()).path("folder").asText()).isEqualTo(file("out").toString());
    assertThat(backend.quantizations.get(0).model()).startsWith(file("cache"));
    refuse(3, "no such folder", "quantize", file("nowhere"), file("out"), "-q");
    refuse(
        2,
        "--activations must be int8 or exact (got 'fp8')",
        "generate",
        "fox",
        "--activations",
        "fp8");
    refuse(2, "--kv-cache must be auto or int8 (got 'fp8')", "bench", "--kv-cache", "fp8");
    refuse(2, "--quantize", "generate", "fox", "--quantize", "");
    backend.failure = new CheckpointException("weights: damaged");
    refuse(3, "damaged", "quantize", model(), file("out"), "-q");
  }
}

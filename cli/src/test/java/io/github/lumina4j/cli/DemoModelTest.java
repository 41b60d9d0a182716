package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.SamplingOptions;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which model draws when none is named, and whose defaults count. */
class DemoModelTest extends CommandTest {
  private static final String NOTE = "using the demo model; --model DIR for another\n";

  private Path demo;

  @BeforeEach
  void noModelInTheVariable() throws IOException {
    program.variables.remove("LUMINA_MODEL");
    demo = backend.demoModel(file("cache"));
    Files.writeString(
        demo.resolve("generation_config.json"),
        "{\"width\":96,\"height\":64,\"guidance_scale\":3,\"image_top_k\":200,"
            + "\"temperature\":0.9}");
  }

  private GenerationRequest last() {
    return backend.requests.get(backend.requests.size() - 1);
  }

  @Test
  void the_demo_model_draws_when_none_is_named() {
    assertThat(succeed("generate", "fox", "-o", file("a.png")).err()).startsWith(NOTE);
    assertThat(backend.opened.get(0).model()).contains(demo);
    assertThat(succeed("generate", "fox", "-q", "-o", file("a.png")).err()).isEmpty();
    program.variables.put("LUMINA_MODEL", model().toString());
    assertThat(succeed("generate", "fox", "-o", file("a.png")).err()).doesNotContain("demo");
    assertThat(backend.opened.get(2).model()).contains(model());
  }

  @Test
  void a_prompt_without_a_thing_that_the_demo_model_knows_is_told_what_it_knows() {
    String advice =
        "the built-in demo model knows only 6 shapes (circle, square, triangle, star, heart, cross),"
            + " 8 colours and 5 plain backgrounds; 'lumina pull Alpha-VLLM/Lumina-mGPT-2.0' fetches a"
            + " model that draws anything";
    Program.Result fox = succeed("generate", "a fox", "--json", "-o", file("a.png"));
    assertThat(fox.err()).contains("\n" + advice + "\n");
    assertThat(json(fox.out()).path("advice").asText()).isEqualTo(advice);

    Program.Result star = succeed("generate", "a blue star", "--json", "-o", file("a.png"));
    assertThat(star.err()).doesNotContain("knows only");
    assertThat(json(star.out()).has("advice")).isFalse();
    assertThat(succeed("edit", picture("b.png", 96, 96), "make it red", "-o", file("a.png")).err())
        .doesNotContain("knows only");
    Program.Result other = succeed("generate", "a fox", "--model", model(), "-o", file("a.png"));
    assertThat(other.err()).doesNotContain("knows only");
    assertThat(succeed("generate", "a fox", "--model", "demo", "-o", file("a.png")).err())
        .contains(advice);
  }

  @Test
  void the_demo_model_has_a_name() {
    program.variables.put("LUMINA_MODEL", model().toString());
    Program.Result result = succeed("generate", "x", "--model", "demo", "-o", file("a.png"));
    assertThat(result.err()).doesNotContain("using the demo model");
    assertThat(backend.opened.get(0).model()).contains(demo);
    backend.info = new ModelInfo(demo.toString(), null, null, List.of(), null);
    assertThat(succeed("inspect", "demo").out()).startsWith(demo.toString());
  }

  @Test
  void every_command_that_loads_a_model_finds_it() {
    Path tokens = file("t.json");
    succeed("reconstruct", picture("a.png", 8, 8), "-o", file("b.png"), "--save-tokens", tokens);
    succeed("decode", tokens, "-o", file("c.png"));
    assertThat(backend.opened)
        .hasSize(2)
        .allSatisfy(
            options ->
                assertThat(options.imageTokenizer()).contains(demo.resolve("movqgan.safetensors")));
  }

  @Test
  void what_is_not_asked_for_is_as_the_model_says_and_recorded_so() {
    JsonNode report =
        json(succeed("generate", "fox", "--json", "--seed", 7, "-o", file("a.png")).out());
    assertThat(last().size()).isEqualTo(new ImageSize(96, 64));
    assertThat(last().sampling())
        .isEqualTo(
            SamplingOptions.DEFAULT
                .withGuidanceScale(3)
                .withImageTopK(200)
                .withTemperature(0.9)
                .withSeed(7));
    assertThat(ImageFiles.readText(file("a.png")))
        .containsEntry("size", "96x64")
        .containsEntry("cfg", "3.0")
        .containsEntry("top-k", "200")
        .containsEntry("temperature", "0.9")
        .containsEntry("model", "demo-0");
    assertThat(report.path("request").path("top_k").asInt()).isEqualTo(200);
  }

  @Test
  void what_is_asked_for_counts() {
    succeed("generate", "fox", "--cfg", 4, "--size", "32x32", "-o", file("a.png"));
    assertThat(last().size()).isEqualTo(new ImageSize(32, 32));
    assertThat(last().sampling().guidanceScale()).isEqualTo(4);
    assertThat(last().sampling().imageTopK()).isEqualTo(200);
    succeed("generate", "fox", "--top-k", 4096, "--temperature", 1, "-o", file("a.png"));
    assertThat(last().sampling().imageTopK()).isEqualTo(4096);
    assertThat(last().sampling().temperature()).isEqualTo(1);
    assertThat(last().sampling().guidanceScale()).isEqualTo(3);
  }

  @Test
  void a_given_picture_is_brought_to_the_panel_of_the_model() {
    succeed("edit", picture("wide.png", 300, 100), "make it green", "-o", file("a.png"));
    assertThat(last().size()).isEqualTo(new ImageSize(96, 128));
    assertThat(ImageFiles.read(file("a.png")).height()).isEqualTo(64);
  }

  @Test
  void defaults_that_cannot_be_used_are_refused_before_loading() throws IOException {
    Files.writeString(demo.resolve("generation_config.json"), "{\"temperature\":0}");
    refuse(
        3,
        "generation_config.json: temperature must be between 0.001 and 1000",
        "generate",
        "fox",
        "-q");
  }
}

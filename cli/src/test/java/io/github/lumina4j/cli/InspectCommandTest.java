package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.model.GenerationDefaults;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectCommandTest extends CommandTest {
  private static final ModelInfo.ImageTokenizer IMAGE_TOKENIZER =
      new ModelInfo.ImageTokenizer(
          "movqgan_270M.ckpt", "270M", 256, 16384, 270_430_000L, "fp32", 1_081_720_000L);

  private static final ModelInfo INFO =
      new ModelInfo(
          "/models/2b",
          new ModelInfo.Transformer(
              28,
              1536,
              8960,
              12,
              2,
              171385,
              10240,
              2_030_000_000L,
              "bf16",
              "int8",
              null,
              4_060_000_000L,
              2,
              155000,
              16384,
              List.of(new ModelInfo.ConfigNote("torch_dtype", "the weights say their own type")),
              List.of("model.vqmodel.x")),
          IMAGE_TOKENIZER,
          List.of(new ModelInfo.Memory("768x768", "bf16", 5L << 30, 1L << 30, 1L << 29, 13L << 29)),
          null);

  @Test
  void a_generated_picture_tells_its_whole_request() {
    succeed(
        "generate",
        "一只狐狸 🦊\nin the \"snow\"",
        "--size",
        "64x32",
        "--seed",
        7,
        "--cfg",
        3,
        "--top-k",
        100,
        "-o",
        file("fox.png"),
        "--save-tokens",
        file("fox.json"));
    String text = succeed("inspect", file("fox.png")).out();
    assertThat(text)
        .contains("made by lumina4j " + Version.NUMBER)
        .containsPattern("task +t2i\n")
        .contains("一只狐狸 🦊")
        .containsPattern("size +64x32\n")
        .containsPattern("seed +7\n")
        .containsPattern("cfg +3.0\n")
        .containsPattern("top-k +100\n")
        .containsPattern("model +model\n");
    JsonNode request = json(succeed("inspect", file("fox.png"), "--json").out()).path("request");
    assertThat(request.path("prompt").asText()).isEqualTo("一只狐狸 🦊\nin the \"snow\"");
    assertThat(request.path("template").asText()).contains("{prompt}");
    assertThat(request.path("cfg").asDouble()).isEqualTo(3);
    assertThat(request.path("temperature").asDouble()).isEqualTo(1);
    assertThat(request.path("sampling").asText()).isEqualTo("forced");
    assertThat(json(succeed("inspect", file("fox.json"), "--json").out()).path("request"))
        .isEqualTo(request);
  }

  @Test
  void a_picture_of_someone_else_has_no_request() {
    refuse(1, "no request in it", "inspect", picture("photo.png", 8, 8));
    refuse(1, "PNG files only", "inspect", picture("photo.jpg", 8, 8));
    refuse(1, "there is no such file", "inspect", file("none.png"));
  }

  @Test
  void codes_of_a_picture_have_no_request() {
    Path tokens = file("a.json");
    succeed("reconstruct", picture("a.png", 8, 8), "-o", file("b.png"), "--save-tokens", tokens);
    assertThat(run("inspect", tokens).err()).contains("made without a request");
  }

  @Test
  void a_checkpoint_is_described_with_its_memory() {
    backend.info = INFO;
    assertThat(succeed("inspect", model()).out())
        .contains("/models/2b")
        .containsPattern("parameters +2.0 billion\n")
        .containsPattern("heads +12, key/value 2\n")
        .containsPattern("stored +bf16, 3.8 GiB in 2 files\n")
        .containsPattern("kind +MoVQGAN 270M, base width 256\n")
        .containsPattern("bf16 +768x768 +5.0 GiB +1.0 GiB +512.0 MiB +6.5 GiB\n");
    JsonNode json = json(succeed("inspect", model(), "--json").out());
    assertThat(json.path("transformer").path("kv_heads").asInt()).isEqualTo(2);
    assertThat(json.path("memory").path(0).path("image_decode").asLong()).isEqualTo(1L << 29);
  }

  @Test
  void what_is_not_used_of_a_checkpoint_is_listed_when_asked() {
    backend.info = INFO;
    assertThat(succeed("inspect", model()).out()).doesNotContain("not used");
    assertThat(succeed("inspect", model(), "--verbose").out())
        .containsPattern("not used of config.json\n +torch_dtype +the weights say their own type\n")
        .containsPattern("tensors that are not used\n +model.vqmodel.x\n");
    JsonNode transformer = json(succeed("inspect", model(), "--json").out()).path("transformer");
    assertThat(transformer.path("config_notes").path(0).path("key").asText())
        .isEqualTo("torch_dtype");
    assertThat(transformer.path("unused_tensors").path(0).asText()).isEqualTo("model.vqmodel.x");
  }

  @Test
  void a_checkpoint_tells_its_own_defaults() {
    backend.info = INFO;
    assertThat(succeed("inspect", model()).out()).doesNotContain("by default");
    assertThat(succeed("inspect", model(), "--json").out()).doesNotContain("defaults");
    backend.info =
        new ModelInfo(
            "x",
            INFO.transformer(),
            IMAGE_TOKENIZER,
            INFO.memory(),
            new GenerationDefaults(96, 64, 3.0, null, 0.9));
    assertThat(succeed("inspect", model()).out())
        .containsPattern("size of a panel +96x64\n")
        .containsPattern("cfg +3.0\n")
        .containsPattern("temperature +0.9\n")
        .doesNotContain("top-k");
    assertThat(json(succeed("inspect", model(), "--json").out()).path("defaults").toString())
        .isEqualTo("{\"width\":96,\"height\":64,\"guidance_scale\":3.0,\"temperature\":0.9}");
  }

  @Test
  void an_image_tokenizer_alone_has_no_transformer() {
    backend.info = new ModelInfo("movqgan_270M.ckpt", null, IMAGE_TOKENIZER, List.of(), null);
    assertThat(succeed("inspect", file("movqgan_270M.ckpt")).out())
        .contains("image tokenizer")
        .doesNotContain("transformer", "memory needed");
  }

  @Test
  void a_checkpoint_may_have_no_image_tokenizer() {
    backend.info = new ModelInfo("x", INFO.transformer(), null, List.of(), null);
    assertThat(succeed("inspect", model()).out()).contains("no image tokenizer");
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What config.json says and what becomes of it, on the real library. */
class ConfigEndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  @BeforeEach
  void recipesGoToTheFolderOfTheTest() {
    program.variables.put("LUMINA_CACHE", file("cache").toString());
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private Program.Result succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  /** The smallest model with a changed config.json. */
  private Path model(String name, Consumer<ObjectNode> change) throws IOException {
    RecipeCheckpoint.write(file(name), RecipeCheckpoint.Options.of("tiny"));
    Path config = file(name).resolve("config.json");
    ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
    change.accept(json);
    Files.writeString(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    return file(name);
  }

  private int[] draw(Path model) {
    Path tokens = model.resolveSibling(model.getFileName() + ".codes.json");
    succeed(
        "generate",
        "fox",
        "--size",
        "64x64",
        "--seed",
        7,
        "--top-k",
        1,
        "--model",
        model,
        "-o",
        model.resolveSibling(model.getFileName() + ".png"),
        "--save-tokens",
        tokens);
    return TokenFile.read(tokens).codes();
  }

  @Test
  void a_config_of_transformers_5_draws_as_that_of_4() throws IOException {
    int[] older = draw(model("older", json -> json.put("rope_theta", 50.0)));
    int[] newer =
        draw(
            model(
                "newer",
                json -> {
                  json.remove("rope_theta");
                  json.remove("rope_scaling");
                  json.putObject("rope_parameters")
                      .put("rope_theta", 50.0)
                      .put("rope_type", "default");
                }));
    assertThat(newer).isEqualTo(older);
    assertThat(draw(model("plain", json -> {}))).isNotEqualTo(older);
  }

  @Test
  void a_key_that_changes_the_model_is_refused_everywhere() throws IOException {
    Path model = model("yarn", json -> json.putObject("rope_parameters").put("rope_type", "yarn"));
    for (Object[] command :
        new Object[][] {
          {"generate", "fox", "--size", "64x64", "--model", model, "-o", file("a.png")},
          {"inspect", model},
          {"quantize", model, file("q")},
        }) {
      Program.Result result = run(command);
      assertThat(result.code()).as(result.err()).isEqualTo(3);
      assertThat(result.err())
          .contains("config.json: key \"rope_parameters.rope_type\" is \"yarn\", must be");
    }
    assertThat(file("q")).doesNotExist();
  }

  @Test
  void another_model_is_told_as_such_by_every_command() throws IOException {
    Path llama = Files.createDirectory(file("llama"));
    Files.writeString(
        llama.resolve("config.json"),
        "{\"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"]}");
    Files.writeString(file("in.jsonl"), "{\"prompt\":\"fox\",\"image_path\":\"a.png\"}\n");
    for (Object[] command :
        new Object[][] {
          {"generate", "fox", "--model", llama, "-o", file("a.png")},
          {"inspect", llama},
          {"quantize", llama, file("q")},
          {"merge", llama, file("m"), "--lora", file("none")},
          {"finetune", "--model", llama, "--data", file("none"), "-o", file("run")},
          {"tokenize", file("in.jsonl"), file("records"), "--model", llama},
          {"bench", "--model", llama},
          {"serve", "--model", llama, "--port", 0},
        }) {
      Program.Result result = run(command);
      assertThat(result.code()).as(command[0] + ": " + result.err()).isEqualTo(3);
      assertThat(result.err())
          .as((String) command[0])
          .contains(
              llama
                  + ": this is a llama model (LlamaForCausalLM); lumina runs Lumina-mGPT 2.0 only");
    }
  }

  @Test
  void what_is_made_of_a_model_keeps_its_config() throws IOException {
    Path base =
        model(
            "base",
            json -> {
              json.put("torch_dtype", "float32");
              json.put("z_loss_weight", 1e-5);
              json.put("my_empty_key", "");
              json.putArray("architectures").add("ChameleonXLLMXForConditionalGeneration");
              json.putObject("vq_config").put("model_type", "chameleon_vqgan");
              json.putObject("vocabulary_map").put("<MOVQGAN0>", 155000).put("日本", 2);
            });
    String config =
        Files.readString(base.resolve("config.json"))
            .replace("\"z_loss_weight\" : 1.0E-5", "\"z_loss_weight\" : NaN");
    assertThat(config).contains("\"z_loss_weight\" : NaN");
    Files.writeString(base.resolve("config.json"), config);
    Files.writeString(base.resolve("generation_config.json"), "{\"guidance_scale\": 3.0}");

    succeed("quantize", base, file("packed"));
    byte[] pixels = new byte[64 * 64 * 3];
    ImageFiles.write(file("given.png"), new RgbImage(64, 64, pixels));
    Files.writeString(
        file("in.jsonl"), "{\"task\":\"t2i\",\"prompt\":\"fox\",\"images\":[\"given.png\"]}\n");
    succeed("tokenize", file("in.jsonl"), file("records"), "--target-size", 64, "--model", base);
    Object[] training = {
      "finetune",
      "--data",
      file("records"),
      "--model",
      base,
      "--batch-size",
      1,
      "--accumulation",
      1,
      "--steps",
      1,
      "--warmup-steps",
      0
    };
    succeed(Stream.concat(Stream.of(training), Stream.of("-o", file("run"))).toArray());
    succeed(
        Stream.concat(Stream.of(training), Stream.of("-o", file("lora"), "--lora-rank", 2))
            .toArray());
    succeed("merge", base, file("merged"), "--lora", file("lora").resolve("final"));

    // Trained weights are stored in bf16, and that is all that the new config says otherwise.
    Map<Path, String> expected =
        Map.of(
            file("packed"), config,
            file("merged"), config,
            file("run").resolve("final"), config.replace("\"float32\"", "\"bfloat16\""));
    expected.forEach(
        (made, text) -> {
          assertThat(made.resolve("config.json")).content(StandardCharsets.UTF_8).isEqualTo(text);
          for (String name :
              new String[] {
                "generation_config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "movqgan.safetensors"
              }) {
            assertThat(made.resolve(name)).hasSameBinaryContentAs(base.resolve(name));
          }
        });
    assertThat(draw(file("run").resolve("final"))).hasSize(64);
  }
}

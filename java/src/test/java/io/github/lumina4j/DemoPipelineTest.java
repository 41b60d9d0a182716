package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.model.CacheFolder;
import io.github.lumina4j.model.GenerationDefaults;
import io.github.lumina4j.testing.DemoArtifact;
import io.github.lumina4j.testing.Recipes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model found on the class path that says what it draws best with. */
class DemoPipelineTest {
  @TempDir Path folder;

  @Test
  void the_demo_model_draws_as_its_own_defaults_say() throws Exception {
    Path model = Recipes.copyOfTiny(folder.resolve("model"));
    Files.writeString(
        model.resolve("generation_config.json"),
        "{\"width\":64,\"height\":32,\"guidance_scale\":2,\"image_top_k\":5,\"temperature\":0.5}");
    Path jar = folder.resolve("demo.jar");
    DemoArtifact.pack(model, jar);
    DemoArtifact.with(
        jar,
        () -> {
          try (LuminaPipeline pipeline = LuminaPipeline.openDemo()) {
            check(pipeline);
          }
        });
  }

  private static void check(LuminaPipeline pipeline) {
    ModelInfo info = pipeline.modelInfo();
    assertThat(Path.of(info.path())).startsWith(CacheFolder.path().resolve("demo-model"));
    assertThat(info.defaults()).isEqualTo(new GenerationDefaults(64, 32, 2.0, 5, 0.5));
    assertThat(ModelInfo.inspect(Path.of(info.path())).defaults()).isEqualTo(info.defaults());

    GenerationResult open = pipeline.generate(GenerationRequest.builder("A cat.").seed(7).build());
    assertThat(open.image().width()).isEqualTo(64);
    assertThat(open.image().height()).isEqualTo(32);
    SamplingOptions own =
        SamplingOptions.DEFAULT
            .withGuidanceScale(2)
            .withImageTopK(5)
            .withTemperature(0.5)
            .withSeed(7);
    GenerationRequest asked =
        GenerationRequest.builder("A cat.")
            .size(64, 32)
            .sampling(own)
            .decoding(DecodingOptions.SEQUENTIAL.withTogether(1))
            .build();
    assertThat(open.request()).isEqualTo(asked);
    assertThat(pipeline.generate(asked).codes()).isEqualTo(open.codes());
    assertThat(
            pipeline
                .generate(GenerationRequest.builder("A cat.").task("pair-depth").build())
                .image()
                .height())
        .isEqualTo(64);
  }

  @Test
  void a_model_without_the_file_has_no_defaults() {
    assertThat(ModelInfo.inspect(Recipes.tiny()).defaults()).isNull();
  }

  @Test
  void a_broken_file_keeps_the_model_from_loading() throws Exception {
    Path model = Recipes.copyOfTiny(folder.resolve("model"));
    Files.writeString(model.resolve("generation_config.json"), "{\"temperature\":-1}");
    assertThatThrownBy(() -> LuminaPipeline.open(PipelineOptions.builder(model).build()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("generation_config.json: temperature must be between 0.001 and 1000");
  }

  @Test
  void without_the_artifact_there_is_no_demo_model() {
    assertThatThrownBy(LuminaPipeline::openDemo)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("io.github.lumina4j:lumina4j-demo-model");
  }
}

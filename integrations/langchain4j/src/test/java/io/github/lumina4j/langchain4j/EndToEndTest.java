package io.github.lumina4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.output.Response;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the smallest checkpoint that there is. */
class EndToEndTest {
  @TempDir static Path folder;

  private static Path model;

  @BeforeAll
  static void write() {
    model = folder.resolve("tiny");
    RecipeCheckpoint.write(model, RecipeCheckpoint.Options.of("tiny"));
  }

  private static RgbImage read(Image image) {
    byte[] png = Base64.getDecoder().decode(image.base64Data());
    return ImageFiles.read(new ByteArrayInputStream(png), "of the test");
  }

  @Test
  void a_model_folder_draws_and_edits_until_it_is_closed() {
    LuminaImageModel images = LuminaImageModel.builder().model(model).size(64, 32).seed(7).build();
    Response<List<Image>> two = images.generate("A cat.", 2);
    assertThat(two.content()).hasSize(2).doesNotHaveDuplicates();
    assertThat(two.tokenUsage().outputTokenCount()).isEqualTo(2 * (4 * 9 + 1));
    assertThat(images.generate("A cat.").content()).isEqualTo(two.content().get(0));
    Image edited = images.edit(two.content().get(0), "In the snow.").content();
    assertThat(read(edited).width()).isEqualTo(64);
    assertThat(read(edited).height()).isEqualTo(32);
    images.close();
    images.close();
    assertThatThrownBy(() -> images.generate("A cat.")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_pipeline_that_is_given_stays_open() {
    try (LuminaPipeline pipeline = LuminaPipeline.open(PipelineOptions.builder(model).build())) {
      Image image;
      try (LuminaImageModel images =
          LuminaImageModel.builder().pipeline(pipeline).size(64, 32).seed(7).build()) {
        image = images.generate("A cat.").content();
      }
      GenerationRequest same = GenerationRequest.builder("A cat.").size(64, 32).seed(7).build();
      assertThat(read(image)).isEqualTo(pipeline.generate(same).image());
    }
  }

  @Test
  void a_folder_that_is_none_is_told_as_such() {
    LuminaImageModel.Builder builder = LuminaImageModel.builder().model(folder.resolve("none"));
    assertThatThrownBy(builder::build).isInstanceOf(CheckpointException.class);
  }
}

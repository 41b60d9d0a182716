package io.github.lumina4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.IncompleteImageException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What LangChain4j asks, and what it gets, without a model. */
class LuminaImageModelTest {
  private final FakeGenerator pipeline = new FakeGenerator();

  private static RgbImage read(Image image) {
    assertThat(image.mimeType()).isEqualTo("image/png");
    assertThat(image.url()).isNull();
    byte[] png = Base64.getDecoder().decode(image.base64Data());
    return ImageFiles.read(new ByteArrayInputStream(png), "of the test");
  }

  private static String base64(RgbImage picture, ImageFormat format) {
    return Base64.getEncoder()
        .encodeToString(ImageFiles.encode(picture, format, WriteOptions.DEFAULT));
  }

  private GenerationRequest last() {
    return pipeline.requests.get(pipeline.requests.size() - 1);
  }

  @Test
  void a_prompt_becomes_a_png_with_its_figures() {
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).size(64, 32).seed(7).build();
    Response<Image> response = model.generate("a \"red\" fox 狐");
    assertThat(last())
        .isEqualTo(GenerationRequest.builder("a \"red\" fox 狐").size(64, 32).seed(7).build());
    RgbImage picture = read(response.content());
    assertThat(new ImageSize(picture.width(), picture.height())).isEqualTo(new ImageSize(64, 32));
    assertThat(picture.rgb(0, 31)).isEqualTo(0x070707);
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(12, 34));
    assertThat(response.metadata()).containsEntry(LuminaImageModel.SEEDS, List.of(7L));
  }

  @Test
  void several_pictures_have_seeds_of_their_own() {
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).size(32, 32).seed(7).build();
    Response<List<Image>> response = model.generate("a fox", 3);
    assertThat(response.content()).hasSize(3).doesNotHaveDuplicates();
    assertThat(pipeline.groups).containsExactly(3); // at once, to be drawn side by side
    assertThat(response.content().stream().map(image -> read(image).rgb(0, 31)))
        .containsExactly(0x070707, 0x080808, 0x090909);
    assertThat(response.metadata()).containsEntry(LuminaImageModel.SEEDS, List.of(7L, 8L, 9L));
    assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(36, 102));
    assertThatThrownBy(() -> model.generate("a fox", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 or more, not 0");
  }

  @Test
  void what_is_not_set_is_up_to_the_model_and_the_seed_to_chance() {
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).build();
    model.generate("a fox");
    GenerationRequest first = last();
    assertThat(first.open()).containsExactlyInAnyOrder(GenerationRequest.Setting.values());
    assertThat(first.decoding()).isEqualTo(DecodingOptions.SEQUENTIAL);
    for (int i = 0; i < 3; i++) {
      model.generate("a fox");
    }
    assertThat(pipeline.requests.stream().map(r -> r.sampling().seed()).distinct().count())
        .isGreaterThan(1);
  }

  @Test
  void every_setting_reaches_the_pipeline() {
    LuminaImageModel.builder()
        .pipeline(pipeline)
        .size(96, 64)
        .guidanceScale(3)
        .topK(100)
        .temperature(0.5)
        .seed(-1)
        .decoding(DecodingOptions.SPECULATIVE.withWindow(8))
        .build()
        .generate("a fox");
    assertThat(last())
        .isEqualTo(
            GenerationRequest.builder("a fox")
                .size(96, 64)
                .guidanceScale(3)
                .imageTopK(100)
                .temperature(0.5)
                .seed(-1)
                .decoding(DecodingOptions.SPECULATIVE.withWindow(8))
                .build());
  }

  @Test
  void a_picture_is_edited_from_base64_and_data_addresses() {
    RgbImage given = new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    String png = base64(given, ImageFormat.PNG);
    String lines = png.substring(0, 20) + "\r\n" + png.substring(20);
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).seed(9).build();
    for (Image image :
        List.of(
            Image.builder().base64Data(png).build(),
            Image.builder().base64Data(lines).mimeType("image/jpeg").build(),
            Image.builder().url("data:image/png;base64," + png).build(),
            Image.builder().url("DATA:;Base64," + png).build())) {
      Response<Image> response = model.edit(image, "make it red");
      assertThat(last().task().name()).isEqualTo("edit");
      assertThat(last().prompt()).isEqualTo("make it red");
      assertThat(last().image()).contains(given);
      // The answer alone, without the given half above it.
      assertThat(read(response.content()).height() * 2).isEqualTo(last().size().height());
      assertThat(read(response.content()).rgb(0, 0)).isEqualTo(0x090909);
    }
    // What the API returns can be given again.
    model.edit(model.edit(Image.builder().base64Data(png).build(), "one").content(), "two");
    assertThat(last().image().orElseThrow().rgb(0, 0)).isEqualTo(0x090909);
  }

  @Test
  void the_size_is_that_of_the_edited_picture() {
    String jpeg = base64(new RgbImage(8, 8, new byte[192]), ImageFormat.JPEG);
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).size(96, 32).build();
    Response<Image> response = model.edit(Image.builder().base64Data(jpeg).build(), "more");
    assertThat(last().size()).isEqualTo(new ImageSize(96, 64));
    assertThat(read(response.content()).height()).isEqualTo(32);
  }

  @Test
  void what_is_no_picture_here_is_refused() {
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).build();
    String[][] bad = {
      {"https://example.org/fox.png", "pictures are not fetched"},
      {"file:///etc/passwd", "pictures are not fetched"},
      {"fox.png", "pictures are not fetched"},
      {"data:image/png,abc", "is not base64"},
      {"data:image/png;base64", "is not base64"},
      {"data:image/png;base64,***", "is not base64"},
      {"data:image/png;base64,AAAA", "cannot read picture to edit"},
    };
    for (String[] one : bad) {
      Image image = Image.builder().url(one[0]).build();
      assertThatThrownBy(() -> model.edit(image, "x"))
          .as(one[0])
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(one[1]);
    }
    assertThatThrownBy(() -> model.edit(Image.builder().build(), "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neither base64 data nor an address");
    assertThatThrownBy(() -> model.edit(null, "x")).isInstanceOf(IllegalArgumentException.class);
    Image image = Image.builder().base64Data("AAAA").build();
    // As the interface says of what a model cannot do.
    assertThatThrownBy(() -> model.edit(image, image, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(pipeline.requests).isEmpty();
  }

  @Test
  void failures_come_out_as_they_are() {
    ImageModel model = LuminaImageModel.builder().pipeline(pipeline).build();
    pipeline.failure = new IncompleteImageException("ended in row 3");
    assertThatThrownBy(() -> model.generate("a fox")).isSameAs(pipeline.failure);
    assertThatThrownBy(() -> model.generate(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a prompt");
  }

  @Test
  void settings_are_checked_before_anything_is_loaded() {
    Path nowhere = Path.of("nowhere");
    LuminaImageModel.Builder builder = LuminaImageModel.builder();
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a pipeline or a model folder is needed");
    builder.model(nowhere).size(33, 32);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiples of 32");
    assertThatThrownBy(() -> builder.size(32, 32).topK(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("top-k");
    assertThatThrownBy(() -> builder.topK(1).pipeline(pipeline).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one of them is needed");
  }

  @Test
  void a_builder_that_goes_on_leaves_what_it_built_alone() {
    LuminaImageModel.Builder builder = LuminaImageModel.builder().pipeline(pipeline).seed(1);
    ImageModel model = builder.build();
    builder.seed(2);
    model.generate("a fox");
    assertThat(last().sampling().seed()).isEqualTo(1);
  }
}

package io.github.lumina4j.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.IncompleteImageException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptions;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.image.observation.DefaultImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationContext;

/** What Spring AI asks, and what it gets, without a model. */
class LuminaImageModelTest {
  private static final LuminaImageOptions SMALL =
      LuminaImageOptions.builder().width(64).height(32).seed(7L).build();

  private final FakeGenerator pipeline = new FakeGenerator();

  private ImageModel model(LuminaImageOptions defaults) {
    return new LuminaImageModel(pipeline, defaults);
  }

  private static RgbImage read(ImageGeneration picture) {
    assertThat(picture.getOutput().getUrl()).isNull();
    byte[] png = Base64.getDecoder().decode(picture.getOutput().getB64Json());
    return ImageFiles.read(new ByteArrayInputStream(png), "of the test");
  }

  private GenerationRequest last() {
    return pipeline.requests.get(pipeline.requests.size() - 1);
  }

  @Test
  void a_prompt_becomes_a_png_that_knows_its_seed() {
    ImageResponse response = model(SMALL).call(new ImagePrompt("a \"red\" fox 狐"));
    assertThat(last())
        .isEqualTo(GenerationRequest.builder("a \"red\" fox 狐").size(64, 32).seed(7).build());
    assertThat(response.getResults()).hasSize(1);
    RgbImage picture = read(response.getResult());
    assertThat(picture.width()).isEqualTo(64);
    assertThat(picture.rgb(0, 31)).isEqualTo(0x070707);
    LuminaImageMetadata metadata = (LuminaImageMetadata) response.getResult().getMetadata();
    assertThat(metadata.seed()).isEqualTo(7);
    assertThat(metadata.size()).isEqualTo(new ImageSize(64, 32));
    assertThat(metadata.stats().generatedTokens()).isEqualTo(34);
    assertThat(response.getMetadata().getCreated()).isPositive();
  }

  @Test
  void several_pictures_have_seeds_of_their_own() {
    ImageOptions three = ImageOptionsBuilder.builder().N(3).build();
    ImageResponse response = model(SMALL).call(new ImagePrompt("a fox", three));
    assertThat(response.getResults().stream().map(picture -> read(picture).rgb(0, 31)))
        .containsExactly(0x070707, 0x080808, 0x090909);
    assertThat(response.getResults())
        .extracting(picture -> ((LuminaImageMetadata) picture.getMetadata()).seed())
        .containsExactly(7L, 8L, 9L);
  }

  @Test
  void options_of_a_prompt_go_first_and_leave_the_rest_as_it_is() {
    LuminaImageOptions defaults =
        LuminaImageOptions.builder()
            .n(2)
            .width(64)
            .height(32)
            .guidanceScale(3.0)
            .topK(100)
            .temperature(0.5)
            .seed(7L)
            .decoding(DecodingOptions.SPECULATIVE)
            .build();
    GenerationRequest.Builder usual =
        GenerationRequest.builder("a fox")
            .guidanceScale(3)
            .imageTopK(100)
            .temperature(0.5)
            .decoding(DecodingOptions.SPECULATIVE);
    ImageModel model = model(defaults);
    model.call(new ImagePrompt(List.of(new ImageMessage("a fox")))); // without any options
    assertThat(pipeline.requests)
        .containsExactly(usual.size(64, 32).seed(7).build(), usual.size(64, 32).seed(8).build());
    assertThat(pipeline.groups).containsExactly(2); // at once, to be drawn side by side

    // The portable ones, of which a style has no effect.
    ImageOptions portable =
        ImageOptionsBuilder.builder()
            .N(1)
            .width(96)
            .height(64)
            .responseFormat("b64_json")
            .style("vivid")
            .build();
    model.call(new ImagePrompt("a fox", portable));
    assertThat(last()).isEqualTo(usual.size(96, 64).seed(7).build());

    LuminaImageOptions all =
        LuminaImageOptions.builder()
            .n(1)
            .width(32)
            .height(32)
            .guidanceScale(1.0)
            .topK(1)
            .temperature(2.0)
            .seed(-1L)
            .decoding(DecodingOptions.SEQUENTIAL)
            .build();
    model.call(new ImagePrompt("a fox", all));
    assertThat(last())
        .isEqualTo(
            GenerationRequest.builder("a fox")
                .size(32, 32)
                .guidanceScale(1)
                .imageTopK(1)
                .temperature(2)
                .seed(-1)
                .build());
    assertThat(pipeline.requests).hasSize(4);
  }

  @Test
  void what_is_not_set_is_up_to_the_model_and_the_seed_to_chance() {
    ImageModel model = model(LuminaImageOptions.NONE);
    for (int i = 0; i < 4; i++) {
      model.call(new ImagePrompt("a fox"));
    }
    assertThat(last().open()).containsExactlyInAnyOrder(GenerationRequest.Setting.values());
    assertThat(pipeline.requests.stream().map(r -> r.sampling().seed()).distinct().count())
        .isGreaterThan(1);
  }

  @Test
  void what_cannot_be_served_is_refused() {
    ImageModel model =
        model(LuminaImageOptions.builder().model("fox-7b").width(64).height(32).build());
    Object[][] bad = {
      {ImageOptionsBuilder.builder().N(0).build(), "1 or more, not 0"},
      {ImageOptionsBuilder.builder().width(33).build(), "multiples of 32"},
      {ImageOptionsBuilder.builder().responseFormat("url").build(), "'url' cannot be served"},
      {ImageOptionsBuilder.builder().model("dall-e-3").build(), "is not loaded; it is 'fox-7b'"},
      {LuminaImageOptions.builder().topK(0).build(), "top-k must be 1 or more"},
    };
    for (Object[] one : bad) {
      assertThatThrownBy(() -> model.call(new ImagePrompt("a fox", (ImageOptions) one[0])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining((String) one[1]);
    }
    List<ImageMessage> two = List.of(new ImageMessage("a", 1f), new ImageMessage("b", -1f));
    assertThatThrownBy(() -> model.call(new ImagePrompt(two)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one message here, not 2");
    assertThatThrownBy(() -> model.call(new ImagePrompt(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a prompt");
    LuminaImageOptions half = LuminaImageOptions.builder().width(64).build();
    assertThatThrownBy(() -> model(half))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width and height belong together");
    assertThat(pipeline.requests).isEmpty();
    model.call(new ImagePrompt("a", ImageOptionsBuilder.builder().model("fox-7b").build()));
    assertThat(pipeline.requests).hasSize(1);
  }

  /** Keeps observations that have ended. */
  private static final class Observed implements ObservationHandler<Observation.Context> {
    final List<Observation.Context> ended = new ArrayList<>();

    @Override
    public void onStop(Observation.Context context) {
      ended.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  @Test
  void calls_are_observed_as_those_of_other_models() {
    ObservationRegistry registry = ObservationRegistry.create();
    Observed observed = new Observed();
    registry.observationConfig().observationHandler(observed);
    ImageModel model =
        new LuminaImageModel(
            pipeline,
            LuminaImageOptions.builder().model("fox-7b").width(64).height(32).build(),
            registry,
            new DefaultImageModelObservationConvention());
    ImageResponse response = model.call(new ImagePrompt("a fox"));
    pipeline.failure = new IncompleteImageException("ended in row 3");
    assertThatThrownBy(() -> model.call(new ImagePrompt("a fox"))).isSameAs(pipeline.failure);

    assertThat(observed.ended).hasSize(2);
    ImageModelObservationContext first = (ImageModelObservationContext) observed.ended.get(0);
    assertThat(first.getName()).isEqualTo("gen_ai.client.operation");
    assertThat(first.getResponse()).isSameAs(response);
    assertThat(first.getError()).isNull();
    assertThat(first.getAllKeyValues())
        .contains(
            KeyValue.of("gen_ai.request.model", "fox-7b"),
            KeyValue.of("gen_ai.request.image.size", "64x32"))
        .extracting(KeyValue::getValue)
        .contains("lumina4j", "image");
    assertThat(observed.ended.get(1).getError()).isSameAs(pipeline.failure);
  }
}

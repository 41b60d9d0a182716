package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.GenerationRequest.Setting;
import io.github.lumina4j.model.GenerationDefaults;
import org.junit.jupiter.api.Test;

/** What a request leaves open, and what a model's defaults make of it. */
class GenerationRequestTest {
  private static final GenerationDefaults DEFAULTS = new GenerationDefaults(96, 64, 3.0, 200, 0.9);

  private static final SamplingOptions OF_THE_MODEL =
      SamplingOptions.DEFAULT.withGuidanceScale(3).withImageTopK(200).withTemperature(0.9);

  private static GenerationRequest.Builder cat() {
    return GenerationRequest.builder("A cat.");
  }

  @Test
  void what_is_not_set_is_as_the_model_says() {
    GenerationRequest asked = cat().seed(7).build();
    assertThat(asked.open()).containsExactlyInAnyOrder(Setting.values());
    GenerationRequest resolved = asked.resolve(DEFAULTS);
    assertThat(resolved.open()).isEmpty();
    assertThat(resolved.size()).isEqualTo(new ImageSize(96, 64));
    assertThat(resolved.sampling()).isEqualTo(OF_THE_MODEL.withSeed(7));
  }

  @Test
  void where_the_model_says_nothing_the_library_decides() {
    GenerationRequest resolved = cat().build().resolve(GenerationDefaults.NONE);
    assertThat(resolved.size()).isEqualTo(new ImageSize(768, 768));
    assertThat(resolved.sampling()).isEqualTo(SamplingOptions.DEFAULT);
    assertThat(resolved.open()).isEmpty();
  }

  @Test
  void what_is_set_stays_even_if_it_is_the_default_of_the_library() {
    SamplingOptions library = SamplingOptions.DEFAULT;
    assertThat(cat().size(768, 768).build().resolve(DEFAULTS).size())
        .isEqualTo(new ImageSize(768, 768));
    assertThat(cat().sampling(library).build().resolve(DEFAULTS).sampling()).isEqualTo(library);
    assertThat(cat().guidanceScale(4).build().resolve(DEFAULTS).sampling())
        .isEqualTo(OF_THE_MODEL.withGuidanceScale(4));
    assertThat(cat().imageTopK(4096).build().resolve(DEFAULTS).sampling())
        .isEqualTo(OF_THE_MODEL.withImageTopK(4096));
    assertThat(cat().temperature(1).build().resolve(DEFAULTS).sampling())
        .isEqualTo(OF_THE_MODEL.withTemperature(1));
  }

  @Test
  void sampling_leaves_the_size_open() {
    assertThat(cat().sampling(SamplingOptions.DEFAULT).build().open())
        .containsExactly(Setting.SIZE);
  }

  @Test
  void two_panels_are_twice_as_high_whatever_the_given_picture() {
    assertThat(cat().task("pair-depth").build().resolve(DEFAULTS).size())
        .isEqualTo(new ImageSize(96, 128));
    RgbImage wide = new RgbImage(200, 50, new byte[3 * 200 * 50]);
    assertThat(cat().task("edit").image(wide).build().resolve(DEFAULTS).size())
        .isEqualTo(new ImageSize(96, 128));
  }

  @Test
  void another_seed_leaves_as_much_open() {
    assertThat(cat().build().withSeed(3).open()).hasSize(4);
    assertThat(cat().build().withSeed(3).resolve(DEFAULTS).sampling())
        .isEqualTo(OF_THE_MODEL.withSeed(3));
  }

  @Test
  void progress_of_an_edit_counts_the_rows_that_are_drawn() {
    GenerationRequest edit =
        GenerationRequest.builder("Make it night.")
            .task("edit")
            .image(new RgbImage(192, 192, new byte[192 * 192 * RgbImage.CHANNELS]))
            .size(192, 384)
            .build();
    assertThat(edit.rowsGiven()).isEqualTo(24);
    assertThat(cat().build().rowsGiven()).isZero();

    Progress both = new Progress(Progress.Phase.DECODE, 40, 48, 320, 384, 3);
    assertThat(both.withoutGiven(24).rowsDone()).isEqualTo(16);
    assertThat(both.withoutGiven(24).rowsTotal()).isEqualTo(24);
    assertThat(both.withoutGiven(0)).isEqualTo(both);
    Progress encoding = new Progress(Progress.Phase.ENCODE, 0, 0, 0, 0, 0);
    assertThat(encoding.withoutGiven(24).rowsDone()).isZero();
  }
}

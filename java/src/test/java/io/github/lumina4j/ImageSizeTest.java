package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSizeTest {
  @ParameterizedTest
  @CsvSource({"768x512", "768X512", "' 768x512 '", "768\u00d7512", "0768x0512"})
  void width_comes_first(String text) {
    assertThat(ImageSize.parse(text)).isEqualTo(new ImageSize(768, 512));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "768", "768x", "x768", "768x768x3", "-1x5", "7 x 7", "1e3x5", "axb"})
  void other_forms_are_refused_with_an_example(String text) {
    assertThatThrownBy(() -> ImageSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size \"" + text + "\" is not WIDTHxHEIGHT in pixels, for example 768x768");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x32", "32x0", "38369x32", "32x999999999", "99999999999999999999x1"})
  void sides_out_of_range_are_refused(String text) {
    assertThatThrownBy(() -> ImageSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_largest_side_is_what_the_vocabulary_can_count() {
    assertThat(new ImageSize(38_368, 1).width()).isEqualTo(1199 * 32);
    assertThatThrownBy(() -> new ImageSize(1, 38_369))
        .hasMessage("size 1x38369: each side must be 1 to 38368 pixels");
  }

  @Test
  void text_and_size_are_the_same() {
    ImageSize size = new ImageSize(1024, 512);
    assertThat(size).hasToString("1024x512");
    assertThat(ImageSize.parse(size.toString())).isEqualTo(size);
    assertThat(size.pixels()).isEqualTo(524_288);
  }

  @Test
  void multiples_pass() {
    ImageSize size = new ImageSize(512, 1024);
    assertThat(size.requireMultipleOf(32)).isSameAs(size);
    assertThat(size.requireMultipleOf(32, 64)).isSameAs(size);
    assertThat(size.isMultipleOf(32)).isTrue();
    assertThat(new ImageSize(512, 1056).isMultipleOf(32, 64)).isFalse();
  }

  @Test
  void other_sizes_are_refused_with_the_nearest_ones() {
    assertThatThrownBy(() -> new ImageSize(770, 500).requireMultipleOf(32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "size 770x500: both sides must be multiples of 32; nearest: 768x480 or 800x512");
    assertThatThrownBy(() -> new ImageSize(512, 1056).requireMultipleOf(32, 64))
        .hasMessage(
            "size 512x1056: the width must be a multiple of 32 and the height of 64;"
                + " nearest: 512x1024 or 512x1088");
    assertThatThrownBy(() -> new ImageSize(5, 5).requireMultipleOf(32))
        .hasMessageEndingWith("nearest: 32x32");
    assertThatThrownBy(() -> new ImageSize(38_368, 38_367).requireMultipleOf(32, 64))
        .hasMessageEndingWith("nearest: 38368x38336");
  }
}

package io.github.lumina4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RgbImageTest {
  // Two columns, three rows: bytes 0 to 17.
  private static byte[] bytes() {
    byte[] pixels = new byte[18];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i == 17 ? 255 : i);
    }
    return pixels;
  }

  @Test
  void neither_the_given_nor_the_returned_array_reaches_the_picture() {
    byte[] given = bytes();
    RgbImage image = new RgbImage(2, 3, given);
    given[0] = 99;
    image.pixels()[1] = 99;
    assertThat(image.pixels()).isEqualTo(bytes());
  }

  @Test
  void equality_is_size_and_content() {
    RgbImage image = new RgbImage(2, 3, bytes());
    assertThat(image).isEqualTo(new RgbImage(2, 3, bytes()));
    assertThat(image).hasSameHashCodeAs(new RgbImage(2, 3, bytes()));
    assertThat(image).isNotEqualTo(new RgbImage(3, 2, bytes()));
    byte[] other = bytes();
    other[5] ^= 1;
    assertThat(image).isNotEqualTo(new RgbImage(2, 3, other)).isNotEqualTo(null);
    assertThat(image).hasToString("RgbImage[2x3]");
  }

  @Test
  void bytes_that_do_not_fit_the_size_are_refused() {
    assertThatThrownBy(() -> new RgbImage(2, 2, bytes()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a picture of 2x2 pixels has 12 bytes, not 18");
    assertThatThrownBy(() -> new RgbImage(0, 3, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("picture of 0x3 pixels");
    // 65536 * 65536 * 3 is 0 in 32 bits.
    assertThatThrownBy(() -> new RgbImage(65_536, 65_536, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pixels_and_rows_are_where_they_should_be() {
    RgbImage image = new RgbImage(2, 3, bytes());
    assertThat(image.rgb(1, 2)).isEqualTo(0x0f10ff);
    byte[] rows = new byte[13];
    image.copyRows(1, 2, rows, 1);
    assertThat(rows).startsWith(0, 6, 7).endsWith(15, 16, 255);
    assertThatThrownBy(() -> image.rgb(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> image.copyRows(2, 2, new byte[12], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void a_crop_is_the_named_part() {
    RgbImage crop = new RgbImage(2, 3, bytes()).crop(1, 1, 1, 2);
    assertThat(crop).isEqualTo(new RgbImage(1, 2, new byte[] {9, 10, 11, 15, 16, (byte) 255}));
    assertThatThrownBy(() -> new RgbImage(2, 3, bytes()).crop(1, 1, 2, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}

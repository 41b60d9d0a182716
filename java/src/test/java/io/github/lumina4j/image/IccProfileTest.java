package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of one colour, (120, 200, 80) in Display P3. */
class IccProfileTest {
  private static final ReadOptions CONVERT = ReadOptions.DEFAULT.withConvertToSrgb(true);

  private static RgbImage read(String name, ReadOptions options) throws IOException {
    byte[] file = TestPictures.resource("/images/" + name);
    return ImageFiles.read(new ByteArrayInputStream(file), name, options);
  }

  private static void assertColour(RgbImage image, int x, int y, int rgb) {
    assertColour(image, x, y, rgb, 1);
  }

  private static void assertColour(RgbImage image, int x, int y, int rgb, int error) {
    for (int shift = 0; shift <= 16; shift += 8) {
      assertThat(image.rgb(x, y) >> shift & 0xff)
          .as("%06x", image.rgb(x, y))
          .isCloseTo(rgb >> shift & 0xff, within(error));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"p3.png", "p3.jpg", "p3.webp", "p3.tiff"})
  void colours_are_converted_if_asked_for(String name) throws IOException {
    RgbImage converted = read(name, CONVERT);
    int error = name.endsWith("jpg") ? 2 : 1; // what JPEG rounds, the conversion enlarges
    assertColour(converted, 0, 0, 0x59cb38, error); // 89, 203, 56
    assertColour(converted, 20, 16, 0x59cb38, error);
    assertColour(read(name, ReadOptions.DEFAULT), 20, 16, 0x78c850);
  }

  @Test
  void coverage_stays() throws IOException {
    byte[] rgba = read("p3_alpha.png", CONVERT).rgba();
    assertThat(rgba[0] & 0xff).isCloseTo(89, within(1));
    assertThat(rgba[1] & 0xff).isCloseTo(203, within(1));
    assertThat(rgba[2] & 0xff).isCloseTo(56, within(1));
    assertThat(rgba[3] & 0xff).isEqualTo(128);
  }

  @Test
  void more_rows_than_one_batch_are_all_converted() throws IOException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    RgbImage converted = IccProfile.toSrgb(TestPictures.plain(3, 200, 0x804020), profile);
    assertThat(converted.rgb(0, 0)).isNotEqualTo(0x804020);
    assertThat(converted).isEqualTo(TestPictures.plain(3, 200, converted.rgb(0, 0)));
  }

  @Test
  void a_grey_profile_is_applied_to_grey() throws IOException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData(); // linear
    int rgb = IccProfile.toSrgb(TestPictures.plain(2, 2, 0x373737), profile).rgb(1, 1);
    assertThat(rgb & 0xff).isGreaterThan(0x60).isEqualTo(rgb >> 16);
  }

  @Test
  void a_picture_without_profile_stays() throws IOException {
    assertThat(read("rgba.png", CONVERT)).isEqualTo(read("rgba.png", ReadOptions.DEFAULT));
  }

  @Test
  void a_damaged_profile_is_named() {
    assertThatThrownBy(() -> IccProfile.toSrgb(TestPictures.plain(2, 2, 0), new byte[200]))
        .isInstanceOf(IIOException.class)
        .hasMessage("its colour profile is damaged");
  }
}

package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SHA-256 values are of Pillow 12.3.0's {@code Image.resize} of the noise picture "crop", 37x23.
 */
class PillowResizeTest {
  @ParameterizedTest
  @CsvSource({
    "18,11,BOX,ec0756725b824806363531906fdb407d8737fd37275722dcf8476121ba19736b",
    "37,5,BOX,da0c7de1ce4df299c370c977b272384b14e74bacc3979c36e91695d28ab3d329",
    "100,40,BOX,c458e625e8492b07fde7beacb14d1e6081891b5c354d86844a7fe64b10824226",
    "1,1,BOX,a437ce19d3aab824d2c6c463e78e0b26fdb19b6e9aa2e8650e3787965f119ce8",
    "80,60,BICUBIC,58bc560d8123aee7165a2b997624b234e3203acec099709e8f1a2dd9ea03e284",
    "9,60,BICUBIC,c2a7f8abd5cee94cd0de073ec5afb2417379f12b116026c2b8a029dcecea4c4a",
    "80,6,BICUBIC,85ac9d787586f67df3894028887e0e2d0f58b7e31a8a40445a5f2c75b0538254",
    "37,50,BICUBIC,dd228ea58c496d5d550a6314999c9734cb01f143df8e7c60d9dd1dd31913b342",
    "50,23,BICUBIC,237ad95a1660e97bfe2a75747d9e80a8ad4b84cc74e66400713fed6a03cdb97b",
    "20,11,BICUBIC,5f8d82d6c832516b612283742550e59b8c26ea6e7dd546c1c8bb729d0f5775ca",
    "1,1,BICUBIC,9d628dbe7de8b0f6b282d29bc03bc9cb71e0704013869d577a84dc1461e4621b"
  })
  void gives_the_bytes_of_pillow(int width, int height, PillowResize.Filter filter, String sha256) {
    RgbImage result =
        PillowResize.resize(TestPictures.noise("crop", 37, 23), width, height, filter);
    assertThat(result.width()).isEqualTo(width);
    assertThat(result.height()).isEqualTo(height);
    assertThat(TestPictures.sha256(result.pixels())).isEqualTo(sha256);
  }

  @Test
  void the_same_size_gives_the_same_picture() {
    RgbImage image = TestPictures.noise("crop", 9, 7);
    assertThat(PillowResize.resize(image, 9, 7, PillowResize.Filter.BICUBIC)).isEqualTo(image);
  }

  @ParameterizedTest
  @CsvSource({"80,60", "37,60", "80,23", "20,11", "37,23"})
  void a_region_is_the_crop_of_the_whole(int width, int height) {
    RgbImage image = TestPictures.noise("crop", 37, 23);
    RgbImage whole = PillowResize.resize(image, width, height, PillowResize.Filter.BICUBIC);
    PillowResize.Region region = new PillowResize.Region(5, 3, 13, 7);
    assertThat(PillowResize.resizeRegion(image, width, height, region, PillowResize.Filter.BICUBIC))
        .isEqualTo(whole.crop(5, 3, 13, 7));
  }

  @Test
  void impossible_sizes_are_refused() {
    RgbImage image = TestPictures.noise("crop", 9, 7);
    assertThatThrownBy(() -> PillowResize.resize(image, 0, 7, PillowResize.Filter.BOX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot resize to 0x7 pixels");
    assertThatThrownBy(() -> PillowResize.resize(image, 40_000, 40_000, PillowResize.Filter.BOX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exceeds 2 GiB");
  }
}

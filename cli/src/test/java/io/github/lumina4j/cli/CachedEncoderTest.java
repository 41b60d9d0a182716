package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedEncoderTest {
  private final List<RgbImage> encoded = new ArrayList<>();
  private final CachedEncoder encoder = new CachedEncoder(this::encode);

  private ImageCodes encode(RgbImage picture) {
    encoded.add(picture);
    return new ImageCodes(1, 1, new int[] {picture.rgb(0, 0)});
  }

  private static RgbImage picture(int number) {
    return new RgbImage(1, 1, new byte[] {0, (byte) (number >> 8), (byte) number});
  }

  @Test
  void equal_pictures_are_encoded_once() {
    for (int number : new int[] {7, 8, 7, 8}) {
      assertThat(encoder.apply(picture(number)).values()).containsExactly(number);
    }
    assertThat(encoded).containsExactly(picture(7), picture(8));
  }

  @Test
  void those_used_last_are_kept() {
    encoder.apply(picture(0));
    for (int number = 1; number < CachedEncoder.PICTURES; number++) {
      encoder.apply(picture(number));
    }
    encoder.apply(picture(0));
    encoder.apply(picture(CachedEncoder.PICTURES)); // drops 1
    encoded.clear();
    encoder.apply(picture(0));
    assertThat(encoded).isEmpty();
    encoder.apply(picture(1));
    assertThat(encoded).containsExactly(picture(1));
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CachedEncoderTest {
  private final List<RgbImage> encoded = new ArrayList<>();
  private int largest;
  private final CachedEncoder encoder = new CachedEncoder(this::encode);

  private List<ImageCodes> encode(List<RgbImage> pictures) {
    encoded.addAll(pictures);
    largest = Math.max(largest, pictures.size());
    return pictures.stream()
        .map(picture -> new ImageCodes(1, 1, new int[] {picture.rgb(0, 0)}))
        .toList();
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
  void what_comes_next_is_encoded_together_and_known_pictures_are_not() {
    encoder.apply(picture(5));
    encoder.prepare(IntStream.range(0, 100).mapToObj(i -> picture(i % 50)).toList());
    assertThat(encoded).hasSize(50);
    assertThat(largest).isGreaterThan(1);
    for (int number = 0; number < 50; number++) {
      assertThat(encoder.apply(picture(number)).values()).containsExactly(number);
    }
    assertThat(encoded).hasSize(50);
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

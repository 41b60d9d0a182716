package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import org.junit.jupiter.api.Test;

class TextCanvasTest {
  @Test
  void words_stay_whole_where_they_can() {
    assertThat(TextCanvas.wrap("a red star and a blue heart", 10, 9))
        .containsExactly("a red star", "and a blue", "heart");
    assertThat(TextCanvas.wrap("abcdefghij k", 4, 9)).containsExactly("abcd", "efgh", "ij k");
    assertThat(TextCanvas.wrap("", 4, 9)).isEmpty();
  }

  @Test
  void what_does_not_fit_ends_in_dots() {
    assertThat(TextCanvas.wrap("one two three four", 8, 1)).containsExactly("one t...");
    assertThat(TextCanvas.wrap("a b", 1, 1)).hasSize(1);
  }

  @Test
  void a_letter_is_its_dots() {
    TextCanvas canvas = new TextCanvas(7, 9);
    canvas.text("l", 1, 1, 1, 0x102030);
    RgbImage image = canvas.image();
    StringBuilder dots = new StringBuilder();
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 7; x++) {
        dots.append(image.rgb(x, y) == 0x102030 ? '#' : image.rgb(x, y) == 0xffffff ? '.' : '?');
      }
      dots.append('\n');
    }
    assertThat(dots.toString())
        .isEqualTo(
            """
            .......
            ..##...
            ...#...
            ...#...
            ...#...
            ...#...
            ...#...
            ..###..
            .......
            """);
  }
}

package io.github.lumina4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a preview shows, by a clock of the test: rough rows are 1, decoded ones 100 + rows. */
class PreviewPainterTest {
  private static final int COLUMNS = 2;
  private static final long COST = 10; // of decoding a row

  private long now = 1000;
  private int decodings;
  private boolean listening = true;
  private LuminaException failure;

  private final PreviewPainter painter =
      new PreviewPainter(
          codes -> filled(codes.rows(), 1), this::decode, () -> listening, () -> now);

  private static ImageCodes rows(int rows) {
    return new ImageCodes(rows, COLUMNS, new int[rows * COLUMNS]);
  }

  private static RgbImage filled(int rows, int level) {
    byte[] pixels = new byte[rows * 8 * COLUMNS * 8 * RgbImage.CHANNELS];
    Arrays.fill(pixels, (byte) level);
    return new RgbImage(COLUMNS * 8, rows * 8, pixels);
  }

  private RgbImage decode(ImageCodes codes) {
    if (failure != null) {
      throw failure;
    }
    decodings++;
    now += COST * codes.rows();
    return filled(codes.rows(), 100 + codes.rows());
  }

  /** The level of each row of codes. */
  private static int[] levels(RgbImage image) {
    int[] levels = new int[image.height() / 8];
    for (int row = 0; row < levels.length; row++) {
      levels[row] = image.rgb(0, row * 8) & 0xff;
      assertThat(image.rgb(15, row * 8 + 7) & 0xff).isEqualTo(levels[row]);
    }
    return levels;
  }

  @Test
  void rows_are_decoded_as_long_as_that_takes_a_fifth_of_the_time() {
    assertThat(levels(painter.paint(rows(1)))).as("the first tells the cost").containsExactly(101);
    now = 1149; // 10 spent, 20 more would be more than a fifth of 149
    assertThat(levels(painter.paint(rows(2)))).containsExactly(101, 1);
    now = 1150;
    assertThat(levels(painter.paint(rows(2)))).containsExactly(102, 102);
    assertThat(levels(painter.paint(rows(4)))).containsExactly(102, 102, 1, 1);
    now = 1350; // 30 spent, 40 more
    assertThat(levels(painter.paint(rows(4)))).containsExactly(104, 104, 104, 104);
    assertThat(decodings).isEqualTo(3);
  }

  @Test
  void an_earlier_preview_has_no_later_rows() {
    painter.paint(rows(3));
    assertThat(levels(painter.paint(rows(2)))).containsExactly(103, 103);
  }

  @Test
  void on_other_threads_nothing_is_decoded() {
    listening = false;
    now = 1_000_000;
    assertThat(levels(painter.paint(rows(2)))).containsExactly(1, 1);
    listening = true;
    painter.paint(rows(1));
    listening = false;
    assertThat(levels(painter.paint(rows(2)))).containsExactly(101, 1);
    assertThat(decodings).isEqualTo(1);
  }

  @Test
  void what_does_not_fit_into_memory_is_shown_roughly() {
    failure = new LuminaException(ErrorCode.OUT_OF_MEMORY, "decoding needs more");
    assertThat(levels(painter.paint(rows(1)))).containsExactly(1);
    failure = null;
    now = 1_000_000;
    assertThat(levels(painter.paint(rows(2)))).as("not tried again").containsExactly(1, 1);
    assertThat(decodings).isZero();
  }

  @Test
  void other_failures_come_out() {
    failure = new LuminaException(ErrorCode.INTERNAL, "broken");
    assertThatThrownBy(() -> painter.paint(rows(1))).isSameAs(failure);
  }
}

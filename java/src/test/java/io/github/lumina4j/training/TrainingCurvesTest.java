package io.github.lumina4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.BitmapFont;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCurvesTest {
  /** Drawn by the curve alone: grid and labels are grey. */
  private static final int CURVE = 0x1f5fa8;

  @TempDir Path folder;

  private void log(int updates, String more) throws IOException {
    Files.writeString(
        folder.resolve("log.jsonl"),
        IntStream.range(0, updates)
                .mapToObj(
                    step ->
                        "{\"step\":%d,\"loss\":%d,\"learning_rate\":%d,\"validation_psnr\":20}\n"
                            .formatted(step, updates - step, step))
                .collect(Collectors.joining())
            + more);
  }

  /** The first row, from the top, with the curve's colour in a column. */
  private static int row(RgbImage image, int column) {
    return IntStream.range(0, image.height())
        .filter(y -> image.rgb(column, y) == CURVE)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void a_falling_loss_falls_and_a_rising_rate_rises() throws IOException {
    log(50, "");
    RgbImage image = ImageFiles.read(TrainingCurves.write(folder));
    assertThat(image.height()).isEqualTo(2 * 420);
    assertThat(row(image, 200)).isPositive().isLessThan(row(image, 400));
    assertThat(row(image, 760 + 200)).isGreaterThan(row(image, 760 + 400)).isPositive();
  }

  @Test
  void a_line_that_is_being_written_is_left_out() throws IOException {
    log(2, "{\"step\":2,\"lo");
    assertThat(TrainingLog.read(folder.resolve("log.jsonl")).curves().get(0).steps())
        .containsExactly(1, 2);
  }

  @Test
  void a_single_update_can_be_drawn() throws IOException {
    log(1, "");
    assertThat(TrainingCurves.write(folder)).exists();
  }

  @Test
  void without_a_log_there_is_nothing_to_draw() throws IOException {
    assertThatThrownBy(() -> TrainingCurves.write(folder))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("log.jsonl");
    log(0, "");
    assertThatThrownBy(() -> TrainingCurves.write(folder)).hasMessageContaining("no update");
  }

  @Test
  void smoothing_keeps_a_straight_line_and_evens_noise() {
    double[] steps = IntStream.rangeClosed(1, 200).asDoubleStream().toArray();
    TrainingLog.Series line = new TrainingLog.Series("line", steps, steps);
    assertThat(line.smoothed()).containsExactly(steps);
    double[] noise = Arrays.stream(steps).map(step -> step % 2).toArray();
    assertThat(Arrays.stream(new TrainingLog.Series("n", steps, noise).smoothed(), 10, 190))
        .allMatch(value -> value > 0.3 && value < 0.7);
  }

  @Test
  void marks_are_round_numbers_within_the_range() {
    assertThat(new Axis(0, 3000).marks(5))
        .extracting(Axis::text)
        .containsExactly("0", "500", "1000", "1500", "2000", "2500", "3000");
    assertThat(new Axis(-1e-6, 2.1e-5).marks(5))
        .extracting(Axis::text)
        .containsExactly("0", "5e-6", "1e-5", "1.5e-5", "2e-5");
    assertThat(new Axis(0.92, 1.08).marks(4))
        .extracting(Axis::text)
        .containsExactly("0.95", "1", "1.05");
    assertThat(Axis.around(0, 0).marks(5)).isNotEmpty();
  }

  @Test
  void every_character_of_a_label_has_a_shape_of_its_own() {
    Set<String> shapes = new TreeSet<>();
    String characters = "0123456789abcdefghijklmnopqrstuvwxyz.-+/ ?";
    for (char character : characters.toCharArray()) {
      StringBuilder dots = new StringBuilder();
      BitmapFont.draw(
          String.valueOf(character),
          (x, y) -> {
            assertThat(x).isBetween(0, BitmapFont.WIDTH - 1);
            assertThat(y).isBetween(0, BitmapFont.HEIGHT - 1);
            dots.append(x).append(y).append(' ');
          });
      shapes.add(dots.toString());
    }
    assertThat(shapes).hasSize(characters.length());
  }
}

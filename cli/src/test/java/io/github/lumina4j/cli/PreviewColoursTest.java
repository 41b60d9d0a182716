package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.PreviewListener;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.model.DemoModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README promises of previews, with the demo model: the colours are those of the picture. */
class PreviewColoursTest {
  private static final int CELL = ImageCodes.PIXELS;
  // Of a mean colour, from its weakest to its strongest channel.
  private static final int SATURATED = 120;
  private static final double WORST_MEAN = 12;

  @TempDir Path cache;

  @Test
  void saturated_cells_are_seen_as_they_will_be() {
    List<String> prompts =
        List.of(
            "a red circle left of a blue square",
            "a green triangle and a purple heart",
            "an orange star",
            "four blue squares",
            "a purple triangle above an orange cross");
    double error = 0;
    int cells = 0;
    try (LuminaPipeline pipeline =
        LuminaPipeline.open(PipelineOptions.builder(DemoModel.folder(cache)).build())) {
      for (String prompt : prompts) {
        // One look at one row: whether there is time to decode a second depends on the machine.
        int row = 6 + 2 * (cells % 3);
        List<RgbImage> seen = new ArrayList<>();
        PreviewListener looking =
            preview -> {
              if (preview.rowsDone() == row) {
                seen.add(preview.image());
              }
            };
        GenerationResult result =
            pipeline.generate(GenerationRequest.builder(prompt).seed(1).build(), looking, null);
        assertThat(seen).hasSize(1);
        for (int y = 0; y < row; y++) {
          for (int x = 0; x < result.codes().columns(); x++) {
            int[] is = mean(result.image(), x, y);
            if (range(is) >= SATURATED) {
              int[] was = mean(seen.get(0), x, y);
              for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                error += Math.abs(is[channel] - was[channel]) / (double) RgbImage.CHANNELS;
              }
              cells++;
            }
          }
        }
      }
    }
    assertThat(cells).isGreaterThan(15);
    assertThat(error / cells).isLessThan(WORST_MEAN);
  }

  private static int range(int[] colour) {
    int least = Math.min(colour[0], Math.min(colour[1], colour[2]));
    return Math.max(colour[0], Math.max(colour[1], colour[2])) - least;
  }

  /** The mean colour of a cell, [red, green, blue]. */
  private static int[] mean(RgbImage image, int column, int row) {
    int[] sums = new int[RgbImage.CHANNELS];
    byte[] pixels = image.crop(column * CELL, row * CELL, CELL, CELL).pixels();
    for (int i = 0; i < pixels.length; i++) {
      sums[i % RgbImage.CHANNELS] += pixels[i] & 0xff;
    }
    for (int channel = 0; channel < sums.length; channel++) {
      sums[channel] /= CELL * CELL;
    }
    return sums;
  }
}

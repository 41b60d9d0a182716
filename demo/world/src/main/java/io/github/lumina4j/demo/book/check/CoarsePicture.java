package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookScene;

/**
 * A picture with fewer pixels, each the mean of a square block.
 *
 * @param step pixels of the picture that one pixel here stands for, each way
 * @param levels [side, side, 3], row-major, 0 to 255
 */
record CoarsePicture(int step, float[] levels) {
  /** The step of {@link ThingTemplate}: what everything is first looked for in. */
  static final int SEARCH = 4;

  /** The step at which drawings are compared: noise and blurred outlines weigh less. */
  static final int COMPARE = 2;

  /** The means of the picture's blocks. */
  static CoarsePicture of(RgbImage picture, int step) {
    int side = BookScene.PIXELS / step;
    float[] levels = new float[side * side * RgbImage.CHANNELS];
    byte[] pixels = picture.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int channel = i % RgbImage.CHANNELS;
      int x = i / RgbImage.CHANNELS % BookScene.PIXELS / step;
      int y = i / RgbImage.CHANNELS / BookScene.PIXELS / step;
      levels[(y * side + x) * RgbImage.CHANNELS + channel] +=
          (pixels[i] & 0xff) / (float) (step * step);
    }
    return new CoarsePicture(step, levels);
  }

  /** Pixels each way. */
  int side() {
    return BookScene.PIXELS / step;
  }

  /**
   * The root mean square of the differences in a box of cells, all channels.
   *
   * @param left the box's first column of cells; {@code top} is its first row
   * @param cells its columns and rows
   */
  double difference(CoarsePicture other, int left, int top, int cells) {
    int scale = BookScene.CELL / step;
    int length = cells * scale;
    double sum = 0;
    for (int y = top * scale; y < top * scale + length; y++) {
      int row = (y * side() + left * scale) * RgbImage.CHANNELS;
      for (int i = row; i < row + length * RgbImage.CHANNELS; i++) {
        double difference = levels[i] - other.levels[i];
        sum += difference * difference;
      }
    }
    return Math.sqrt(sum / (length * length * RgbImage.CHANNELS));
  }
}

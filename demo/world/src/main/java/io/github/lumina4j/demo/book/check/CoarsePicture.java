package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.book.BookScene;

/**
 * A picture a quarter as wide and high: what everything is first looked for in.
 *
 * @param levels [32, 32, 3], row-major, 0 to 255
 */
record CoarsePicture(float[] levels) {
  /** Pixels of a picture that one pixel here stands for, each way. */
  static final int STEP = 4;

  static final int SIDE = BookScene.PIXELS / STEP;

  /** The means of the picture's blocks. */
  static CoarsePicture of(RgbImage picture) {
    float[] levels = new float[SIDE * SIDE * RgbImage.CHANNELS];
    byte[] pixels = picture.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int channel = i % RgbImage.CHANNELS;
      int x = i / RgbImage.CHANNELS % BookScene.PIXELS / STEP;
      int y = i / RgbImage.CHANNELS / BookScene.PIXELS / STEP;
      levels[(y * SIDE + x) * RgbImage.CHANNELS + channel] +=
          (pixels[i] & 0xff) / (float) (STEP * STEP);
    }
    return new CoarsePicture(levels);
  }
}

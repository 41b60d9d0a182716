package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.WriteOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Pictures as bad as an image tokenizer leaves them, or somewhat worse: about 25 dB. */
public final class Degraded {
  private static final double JPEG_QUALITY = 0.5;
  private static final int NOISE = 8;
  private static final int SHIFT = 8;

  private Degraded() {}

  /** The picture blurred, with noise, shifted in colour, and out of a JPEG file. */
  public static RgbImage of(RgbImage picture, long seed) {
    SplitMix random = new SplitMix(seed, 0);
    int[] shift = {shift(random), shift(random), shift(random)};
    byte[] pixels = blurred(picture);
    for (int i = 0; i < pixels.length; i++) {
      int noise = random.nextInt(2 * NOISE + 1) + random.nextInt(2 * NOISE + 1) - 2 * NOISE;
      int level = (pixels[i] & 0xff) + noise + shift[i % 3];
      pixels[i] = (byte) Math.max(0, Math.min(255, level));
    }
    return jpeg(new RgbImage(picture.width(), picture.height(), pixels));
  }

  private static int shift(SplitMix random) {
    return random.nextInt(2 * SHIFT + 1) - SHIFT;
  }

  /** Weights 1, 2, 1 across and down. */
  private static byte[] blurred(RgbImage picture) {
    int width = picture.width();
    int height = picture.height();
    byte[] pixels = picture.pixels();
    byte[] blurred = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      int sum = 0;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          int u = Math.max(0, Math.min(width - 1, x + dx));
          int v = Math.max(0, Math.min(height - 1, y + dy));
          sum +=
              (2 - Math.abs(dx))
                  * (2 - Math.abs(dy))
                  * (pixels[(v * width + u) * 3 + i % 3] & 0xff);
        }
      }
      blurred[i] = (byte) (sum / 16);
    }
    return blurred;
  }

  private static RgbImage jpeg(RgbImage picture) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageFiles.write(
          out, picture, ImageFormat.JPEG, WriteOptions.DEFAULT.withJpegQuality(JPEG_QUALITY));
      return ImageFiles.read(new ByteArrayInputStream(out.toByteArray()), "degraded.jpg");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

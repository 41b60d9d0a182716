package io.github.lumina4j.training;

import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.text.SmallTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Pictures that show their codes, and a tokenizer whose ids can be worked out by hand. */
final class Examples {
  static final int BOS = 262;
  static final int START = 263;
  static final int END = 264;
  static final int NEW_LINE = 265;
  static final int SEPARATOR = 266;
  static final int GRID = 268; // counts 0 to 8
  static final int CODES = 320; // 64 image codes

  private Examples() {}

  /** A folder with the tokenizer alone; " cat" is 258, ":⏎" is 259. */
  static CheckpointFolder model(Path folder) throws IOException {
    SmallTokenizer.write(
        folder, List.of("Ġ c", "a t", "Ġc at", ": Ċ"), SmallTokenizer.compactTokens(260, 9, 0));
    Files.writeString(folder.resolve("config.json"), "{\"image_token_offset\": " + CODES + "}");
    return new CheckpointFolder(folder);
  }

  /** A picture whose codes are {@code first}, {@code first + 1} and so on, row by row. */
  static RgbImage picture(int width, int height, int first) {
    byte[] pixels = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[(y * width + x) * 3] = (byte) (first + y / 8 * (width / 8) + x / 8);
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /** The codes that a picture shows. */
  static ImageCodes encode(RgbImage picture) {
    int columns = picture.width() / 8;
    int[] values = new int[columns * (picture.height() / 8)];
    for (int i = 0; i < values.length; i++) {
      values[i] = picture.rgb(i % columns * 8, i / columns * 8) >> 16;
    }
    return new ImageCodes(picture.height() / 8, columns, values);
  }
}

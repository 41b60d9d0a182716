package io.github.lumina4j.server;

import io.github.lumina4j.ImageSize;
import io.github.lumina4j.Preview;
import io.github.lumina4j.RgbImage;
import java.util.Map;

/**
 * A picture that is not finished, as it is sent.
 *
 * @param file PNG or JPEG: the answer at its final size, with an empty rest
 * @param number among those of the same picture, from 0
 * @param rowsDone rows of codes of the whole picture, both panels, that exist
 */
record PartialPicture(byte[] file, ImageSize size, int number, int rowsDone, int rowsTotal) {
  static PartialPicture of(ImageRequest asked, Preview preview, int number) {
    RgbImage image = asked.first().task().answer(preview.image());
    return new PartialPicture(
        Picture.encode(asked, image, Map.of()),
        new ImageSize(image.width(), image.height()),
        number,
        preview.rowsDone(),
        preview.rowsTotal());
  }
}

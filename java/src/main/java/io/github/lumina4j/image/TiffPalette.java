package io.github.lumina4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import javax.imageio.IIOException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/**
 * Colours of TIFF palettes. They are 16 bits wide; programs write a byte v as v * 257 or v * 256.
 * The high byte is v in both cases, while the JDK's scaling makes v - 1 of the second.
 */
final class TiffPalette {
  private TiffPalette() {}

  /** The picture with the palette's high bytes as colours; others are returned as they are. */
  static BufferedImage repair(BufferedImage image, IIOMetadata metadata) throws IIOException {
    TIFFField field =
        TIFFDirectory.createFromMetadata(metadata).getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);
    if (field == null || !(image.getColorModel() instanceof IndexColorModel old)) {
      return image;
    }
    int size = field.getCount() / 3;
    if (size < 1 || size > 1 << old.getPixelSize()) {
      return image;
    }
    byte[][] channels = new byte[3][size]; // red, green, blue
    for (int i = 0; i < 3 * size; i++) {
      channels[i / size][i % size] = (byte) (field.getAsInt(i) >> 8);
    }
    IndexColorModel colors =
        new IndexColorModel(old.getPixelSize(), size, channels[0], channels[1], channels[2]);
    return new BufferedImage(colors, image.getRaster(), false, null);
  }
}

package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/**
 * JPEG to RGB. ImageIO gives the planes as stored, without touching colour; they are converted
 * here, so that CMYK works and the bytes are those of libjpeg and Pillow.
 */
final class JpegDecoder {
  private JpegDecoder() {}

  static RgbImage decode(byte[] file, JpegStructure structure) throws IOException {
    ImageReader reader = Codecs.reader(ImageFormat.JPEG);
    try {
      reader.setInput(new ByteArrayImageInputStream(file), true, true);
      Raster raster = reader.readRaster(0, null);
      if (raster.getWidth() != structure.width() || raster.getHeight() != structure.height()) {
        throw new IIOException("the picture's size contradicts its header");
      }
      return toRgb(raster, structure.colorModel());
    } finally {
      reader.dispose();
    }
  }

  private static RgbImage toRgb(Raster raster, JpegStructure.Planes planes) throws IIOException {
    int bands =
        switch (planes) {
          case GREY -> 1;
          case RGB, YCBCR -> 3;
          case CMYK, YCCK -> 4;
        };
    if (raster.getNumBands() != bands) {
      throw new IIOException("the picture has " + raster.getNumBands() + " planes, not " + bands);
    }
    int width = raster.getWidth();
    byte[] rgb = new byte[width * raster.getHeight() * RgbImage.CHANNELS];
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        int red = row[i];
        int green = red;
        int blue = red;
        if (planes == JpegStructure.Planes.YCBCR || planes == JpegStructure.Planes.YCCK) {
          int luma = row[i];
          red = Colors.red(luma, row[i + 2]);
          green = Colors.green(luma, row[i + 1], row[i + 2]);
          blue = Colors.blue(luma, row[i + 1]);
        } else if (bands > 1) {
          green = row[i + 1];
          blue = row[i + 2];
        }
        if (bands == 4) {
          // Adobe's files, and in practice all others, store ink inverted: 255 is no ink. The
          // colour part of YCCK is likewise the complement of inverted ink.
          boolean ycck = planes == JpegStructure.Planes.YCCK;
          int black = 255 - row[i + 3];
          red = Colors.fromInk(ycck ? red : 255 - red, black);
          green = Colors.fromInk(ycck ? green : 255 - green, black);
          blue = Colors.fromInk(ycck ? blue : 255 - blue, black);
        }
        rgb[at++] = (byte) red;
        rgb[at++] = (byte) green;
        rgb[at++] = (byte) blue;
      }
    }
    return new RgbImage(width, raster.getHeight(), rgb);
  }
}

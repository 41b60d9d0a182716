package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Conversion between {@link RgbImage} and AWT's pictures. Outside this package's decoders this is
 * the one class that names {@code java.awt}.
 */
public final class BufferedImages {
  private BufferedImages() {}

  /** The picture as {@link BufferedImage#TYPE_3BYTE_BGR}. */
  public static BufferedImage toBufferedImage(RgbImage image) {
    BufferedImage result =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
    int rowBytes = image.width() * RgbImage.CHANNELS;
    for (int y = 0; y < image.height(); y++) {
      image.copyRows(y, 1, bgr, y * rowBytes);
    }
    for (int i = 0; i < bgr.length; i += RgbImage.CHANNELS) {
      byte red = bgr[i];
      bgr[i] = bgr[i + 2];
      bgr[i + 2] = red;
    }
    return result;
  }

  /**
   * The picture as RGB: transparency is seen on white, samples wider than 8 bits lose their low
   * bits, grey, palette and CMYK are converted. Colour profiles are not applied.
   *
   * @throws IllegalArgumentException if the samples are not unsigned integers of at most 16 bits,
   *     or the colour space is none of those
   */
  public static RgbImage toRgbImage(BufferedImage image) {
    return toRgbImage(image, true);
  }

  /** The same; {@code useAlpha} false takes the colours as they are, transparent or not. */
  static RgbImage toRgbImage(BufferedImage image, boolean useAlpha) {
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int height = image.getHeight();
    int channels = useAlpha && model.hasAlpha() ? RgbImage.RGBA_CHANNELS : RgbImage.CHANNELS;
    long size = (long) width * height * channels;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a picture of " + width + "x" + height + " pixels");
    }
    RowReader reader = rowReader(image, model);
    byte[] pixels = new byte[(int) size];
    int[] red = new int[width];
    int[] green = new int[width];
    int[] blue = new int[width];
    int[] alpha = new int[width];
    Row row = new Row(red, green, blue, alpha);
    int at = 0;
    for (int y = 0; y < height; y++) {
      reader.read(y, row);
      for (int x = 0; x < width; x++) {
        pixels[at++] = (byte) red[x];
        pixels[at++] = (byte) green[x];
        pixels[at++] = (byte) blue[x];
        if (channels == RgbImage.RGBA_CHANNELS) {
          pixels[at++] = (byte) alpha[x];
        }
      }
    }
    return channels == RgbImage.RGBA_CHANNELS
        ? RgbImage.onWhite(width, height, pixels)
        : new RgbImage(width, height, pixels);
  }

  /** One row of a picture, each channel 0 to 255, colours not multiplied by alpha. */
  private record Row(int[] red, int[] green, int[] blue, int[] alpha) {
    void set(int x, int r, int g, int b, int a) {
      red[x] = r;
      green[x] = g;
      blue[x] = b;
      alpha[x] = a;
    }

    void setArgb(int x, int argb) {
      set(x, argb >> 16 & 0xff, argb >> 8 & 0xff, argb & 0xff, argb >>> 24);
    }
  }

  @FunctionalInterface
  private interface RowReader {
    void read(int y, Row row);
  }

  private static RowReader rowReader(BufferedImage image, ColorModel model) {
    Raster raster = image.getRaster();
    if (model instanceof IndexColorModel palette) {
      return paletteReader(raster, palette);
    }
    int type = raster.getTransferType();
    int widest = 0;
    for (int bits : model.getComponentSize()) {
      widest = Math.max(widest, bits);
    }
    boolean integers =
        type == DataBuffer.TYPE_BYTE
            || type == DataBuffer.TYPE_USHORT
            || type == DataBuffer.TYPE_INT;
    if (!integers || widest > 16) {
      throw new IllegalArgumentException(
          "samples of this kind are not supported, only unsigned integers of at most 16 bits");
    }
    int colors = model.getNumColorComponents();
    int space = model.getColorSpace().getType();
    boolean known =
        (space == ColorSpace.TYPE_GRAY && colors == 1)
            || (space == ColorSpace.TYPE_RGB && colors == 3)
            || (space == ColorSpace.TYPE_CMYK && colors == 4);
    if (!known) {
      throw new IllegalArgumentException(
          "this colour space is not supported, only grey, RGB, palette and CMYK");
    }
    return sampleReader(raster, model, colors);
  }

  private static RowReader paletteReader(Raster raster, IndexColorModel palette) {
    int[] colors = new int[palette.getMapSize()]; // 0xAARRGGBB
    palette.getRGBs(colors);
    int[] indices = new int[raster.getWidth()];
    return (y, row) -> {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, indices.length, 1, 0, indices);
      for (int x = 0; x < indices.length; x++) {
        // An index beyond the palette has no colour: black.
        row.setArgb(x, indices[x] < colors.length ? colors[indices[x]] : 0xff000000);
      }
    };
  }

  /** Reads grey, RGB or CMYK samples, with or without alpha as the last band. */
  private static RowReader sampleReader(Raster raster, ColorModel model, int colors) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] bits = model.getComponentSize();
    boolean hasAlpha = model.hasAlpha() && bands > colors;
    boolean multiplied = hasAlpha && model.isAlphaPremultiplied();
    int[] samples = new int[width * bands];
    int[] pixel = new int[Math.max(4, bands)];
    return (y, row) -> {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, samples);
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < colors; band++) {
          pixel[band] = Colors.toByte(samples[x * bands + band], bits[band]);
        }
        int alpha = hasAlpha ? Colors.toByte(samples[x * bands + colors], bits[colors]) : 255;
        if (multiplied) {
          for (int band = 0; band < colors; band++) {
            pixel[band] = Colors.unmultiply(pixel[band], alpha);
          }
        }
        if (colors == 1) {
          row.set(x, pixel[0], pixel[0], pixel[0], alpha);
        } else if (colors == 3) {
          row.set(x, pixel[0], pixel[1], pixel[2], alpha);
        } else {
          row.set(
              x,
              Colors.fromInk(pixel[0], pixel[3]),
              Colors.fromInk(pixel[1], pixel[3]),
              Colors.fromInk(pixel[2], pixel[3]),
              alpha);
        }
      }
    };
  }
}

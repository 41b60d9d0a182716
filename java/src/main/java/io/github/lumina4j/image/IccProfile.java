package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.InflaterInputStream;
import javax.imageio.IIOException;

/** Colour profiles of pictures. */
final class IccProfile {
  private static final int MAX_BYTES = 16 << 20;
  private static final int BATCH_ROWS = 64; // so that little memory is needed

  private IccProfile() {}

  /** The profile in the data of a PNG chunk: name, 0, method, deflated. */
  static byte[] inflate(byte[] chunk) throws IOException {
    int name = 0;
    while (name < chunk.length && chunk[name] != 0) {
      name++;
    }
    int from = Math.min(chunk.length, name + 2);
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(chunk, from, chunk.length - from))) {
      return in.readNBytes(MAX_BYTES);
    }
  }

  /**
   * The picture with its colours in sRGB; coverage stays.
   *
   * @throws IIOException if the profile is damaged, or is not one for RGB or grey
   */
  static RgbImage toSrgb(RgbImage picture, byte[] profile) throws IIOException {
    try {
      ICC_Profile from = ICC_Profile.getInstance(profile);
      int bands =
          switch (from.getColorSpaceType()) {
            case ColorSpace.TYPE_RGB -> RgbImage.CHANNELS;
            case ColorSpace.TYPE_GRAY -> 1;
            default ->
                throw new IIOException(
                    "its colour profile cannot be converted to sRGB, only those for RGB and grey"
                        + " can");
          };
      ICC_Profile srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
      return convert(picture, bands, new ColorConvertOp(new ICC_Profile[] {from, srgb}, null));
    } catch (CMMException | IllegalArgumentException e) {
      throw new IIOException("its colour profile is damaged", e);
    }
  }

  private static RgbImage convert(RgbImage picture, int bands, ColorConvertOp op) {
    int width = picture.width();
    int channels = picture.transparent() ? RgbImage.RGBA_CHANNELS : RgbImage.CHANNELS;
    byte[] pixels = picture.transparent() ? picture.rgba() : picture.pixels();
    for (int top = 0; top < picture.height(); top += BATCH_ROWS) {
      int rows = Math.min(BATCH_ROWS, picture.height() - top);
      int first = top * width;
      WritableRaster source = Raster.createInterleavedRaster(0, width, rows, bands, null);
      WritableRaster target =
          Raster.createInterleavedRaster(0, width, rows, RgbImage.CHANNELS, null);
      byte[] in = ((DataBufferByte) source.getDataBuffer()).getData();
      for (int i = 0; i < width * rows; i++) {
        System.arraycopy(pixels, (first + i) * channels, in, i * bands, bands);
      }
      op.filter(source, target);
      byte[] out = ((DataBufferByte) target.getDataBuffer()).getData();
      for (int i = 0; i < width * rows; i++) {
        System.arraycopy(
            out, i * RgbImage.CHANNELS, pixels, (first + i) * channels, RgbImage.CHANNELS);
      }
    }
    return picture.transparent()
        ? RgbImage.onWhite(width, picture.height(), pixels)
        : new RgbImage(width, picture.height(), pixels);
  }
}

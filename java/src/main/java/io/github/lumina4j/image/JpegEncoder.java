package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes baseline JPEG files; the same picture and quality give the same bytes. */
final class JpegEncoder {
  /** Longest side that libjpeg writes. */
  static final int MAX_SIDE = 65_500;

  private JpegEncoder() {}

  static void encode(RgbImage image, double quality, OutputStream out) throws IOException {
    ImageWriter writer = Codecs.jpegWriter();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam options = writer.getDefaultWriteParam();
      options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      options.setCompressionQuality((float) quality);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(BufferedImages.toBufferedImage(image), null, null), options);
    } finally {
      writer.dispose();
    }
  }
}

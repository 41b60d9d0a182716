package io.github.lumina4j.image;

import io.github.lumina4j.internal.Leptonica;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import javax.imageio.IIOException;

/**
 * WebP to pixels by libwebp, as Pillow does it, so that lossy files give the same bytes: decoders
 * differ in how they enlarge the colour planes. Colour profiles are not applied.
 */
final class WebpDecoder {
  private WebpDecoder() {}

  /**
   * The canvas with the picture on it, transparent elsewhere.
   *
   * @throws IIOException if the picture is damaged
   * @throws LinkageError if libwebp cannot be loaded
   */
  static BufferedImage decode(WebpStructure structure) throws IIOException {
    WebpStructure.Frame frame = structure.frame();
    Leptonica.Pixels pixels =
        Leptonica.readWebp(frame.file()).orElseThrow(() -> new IIOException("the file is damaged"));
    if (pixels.width() != frame.width() || pixels.height() != frame.height()) {
      throw new IIOException("the picture's size contradicts its header");
    }
    return canvas(structure, frame, pixels);
  }

  private static BufferedImage canvas(
      WebpStructure structure, WebpStructure.Frame frame, Leptonica.Pixels picture) {
    boolean whole = frame.width() == structure.width() && frame.height() == structure.height();
    BufferedImage canvas =
        new BufferedImage(
            structure.width(),
            structure.height(),
            picture.alpha() || !whole ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < frame.height(); y++) {
      int at = (frame.top() + y) * structure.width() + frame.left();
      System.arraycopy(picture.argb(), y * frame.width(), pixels, at, frame.width());
    }
    return canvas;
  }
}

package io.github.lumina4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import javax.imageio.IIOException;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/**
 * WebP to pixels by libwebp, as Pillow does it, so that lossy files give the same bytes: decoders
 * differ in how they enlarge the colour planes. Colour profiles are not applied.
 */
final class WebpDecoder {
  private static final int NO_MESSAGES = 6; // of leptonica on stderr; L_SEVERITY_NONE
  private static final int WITH_ALPHA = 4; // samples per pixel

  static {
    leptonica.setMsgSeverity(NO_MESSAGES);
  }

  private WebpDecoder() {}

  /**
   * The canvas with the picture on it, transparent elsewhere.
   *
   * @throws IIOException if the picture is damaged
   * @throws LinkageError if libwebp cannot be loaded
   */
  static BufferedImage decode(WebpStructure structure) throws IIOException {
    WebpStructure.Frame frame = structure.frame();
    PIX pix = leptonica.pixReadMemWebP(frame.file(), frame.file().length);
    if (pix == null || pix.isNull()) {
      throw new IIOException("the file is damaged");
    }
    try {
      if (pix.w() != frame.width() || pix.h() != frame.height()) {
        throw new IIOException("the picture's size contradicts its header");
      }
      return canvas(structure, frame, pix);
    } finally {
      leptonica.pixDestroy(pix);
    }
  }

  private static BufferedImage canvas(WebpStructure structure, WebpStructure.Frame frame, PIX pix) {
    boolean whole = frame.width() == structure.width() && frame.height() == structure.height();
    boolean alpha = pix.spp() == WITH_ALPHA || !whole;
    BufferedImage canvas =
        new BufferedImage(
            structure.width(),
            structure.height(),
            alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    try (var data = leptonica.pixGetData(pix)) { // rows of 0xRRGGBBAA, without gaps
      for (int y = 0; y < frame.height(); y++) {
        int at = (frame.top() + y) * structure.width() + frame.left();
        data.position((long) y * frame.width()).get(pixels, at, frame.width());
        for (int x = at; x < at + frame.width(); x++) {
          pixels[x] = Integer.rotateRight(pixels[x], 8);
        }
      }
    }
    return canvas;
  }
}

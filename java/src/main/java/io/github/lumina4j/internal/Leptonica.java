package io.github.lumina4j.internal;

import java.util.Optional;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/** The picture library that brings libwebp. */
public final class Leptonica {
  private static final int NO_MESSAGES = 6; // on stderr; L_SEVERITY_NONE
  private static final int WITH_ALPHA = 4; // samples per pixel

  static {
    NativeMemory.configure();
    NativeCaches.prepare();
    leptonica.setMsgSeverity(NO_MESSAGES);
  }

  private Leptonica() {}

  /**
   * A decoded picture.
   *
   * @param argb [height, width], row-major
   * @param alpha whether the file has transparency; opaque pixels otherwise
   */
  public record Pixels(int width, int height, int[] argb, boolean alpha) {}

  /**
   * Decodes a WebP file that holds one picture; empty if it is damaged.
   *
   * @throws LinkageError if the native library cannot be loaded
   */
  public static Optional<Pixels> readWebp(byte[] file) {
    PIX pix = leptonica.pixReadMemWebP(file, file.length);
    if (pix == null || pix.isNull()) {
      return Optional.empty();
    }
    try (var data = leptonica.pixGetData(pix)) { // rows of 0xRRGGBBAA, without gaps
      int[] pixels = new int[Math.multiplyExact(pix.w(), pix.h())];
      data.get(pixels);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = Integer.rotateRight(pixels[i], 8);
      }
      return Optional.of(new Pixels(pix.w(), pix.h(), pixels, pix.spp() == WITH_ALPHA));
    } finally {
      leptonica.pixDestroy(pix);
    }
  }
}

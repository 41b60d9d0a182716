package io.github.lumina4j.image;

import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * Where the first frame of a GIF lies on its canvas. A frame that reaches beyond the logical screen
 * widens the canvas.
 *
 * @param width canvas, pixels
 * @param height canvas, pixels
 * @param left of the first frame on the canvas
 * @param top of the first frame on the canvas
 */
record GifStructure(int width, int height, int left, int top) {
  private static final int HEADER_BYTES = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;

  /**
   * Reads the blocks up to the first frame.
   *
   * @throws IIOException if there is none
   */
  static GifStructure of(byte[] file) throws IIOException {
    Bytes bytes = new Bytes(file, ByteOrder.LITTLE_ENDIAN);
    long at = HEADER_BYTES + colorTableBytes(bytes.u8(10));
    while (bytes.u8(at) == EXTENSION) {
      at += 2; // the extension's kind
      int length;
      do {
        length = bytes.u8(at);
        at += 1 + length;
      } while (length > 0);
    }
    if (bytes.u8(at) != IMAGE) {
      throw new IIOException("the file holds no picture");
    }
    int left = bytes.u16(at + 1);
    int top = bytes.u16(at + 3);
    int width = Math.max(bytes.u16(6), left + bytes.u16(at + 5));
    int height = Math.max(bytes.u16(8), top + bytes.u16(at + 7));
    return new GifStructure(width, height, left, top);
  }

  private static int colorTableBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (1 + (flags & 7));
  }
}

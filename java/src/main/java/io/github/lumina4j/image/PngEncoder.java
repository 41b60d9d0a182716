package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes 8-bit RGB PNG files; the same picture and text give the same bytes. */
final class PngEncoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int BIT_DEPTH = 8;
  private static final int COLOR_TYPE_RGB = 2;
  private static final int PIXEL_CHUNK_BYTES = 1 << 16;

  private PngEncoder() {}

  static void encode(RgbImage image, Map<String, String> text, OutputStream out)
      throws IOException {
    out.write(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height());
    // Compression, filter method and interlacing: 0 each.
    header.put((byte) BIT_DEPTH).put((byte) COLOR_TYPE_RGB).put(new byte[3]);
    writeChunk(out, "IHDR", header.array(), header.capacity());
    // Before the pixels, so that a reader of text need not pass over them.
    for (Map.Entry<String, String> entry : text.entrySet()) {
      PngText.TextChunk chunk = PngText.encode(entry.getKey(), entry.getValue());
      writeChunk(out, chunk.type(), chunk.data(), chunk.data().length);
    }
    writePixels(image, out);
    writeChunk(out, "IEND", new byte[0], 0);
  }

  private static void writePixels(RgbImage image, OutputStream out) throws IOException {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    try {
      PixelChunks chunks = new PixelChunks(out);
      DeflaterOutputStream packed = new DeflaterOutputStream(chunks, deflater, 8192);
      PngFilter filter = new PngFilter(image.width() * RgbImage.CHANNELS);
      byte[] row = new byte[image.width() * RgbImage.CHANNELS];
      for (int y = 0; y < image.height(); y++) {
        image.copyRows(y, 1, row, 0);
        packed.write(filter.apply(row));
      }
      packed.finish();
      chunks.flushChunk();
    } finally {
      deflater.end();
    }
  }

  private static void writeChunk(OutputStream out, String type, byte[] data, int length)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    out.write(ByteBuffer.allocate(4).putInt(length).array());
    out.write(name);
    out.write(data, 0, length);
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** Cuts the compressed pixels into chunks. */
  private static final class PixelChunks extends OutputStream {
    private final OutputStream out;
    private final byte[] buffer = new byte[PIXEL_CHUNK_BYTES];
    private int size;

    PixelChunks(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        int part = Math.min(length - done, buffer.length - size);
        System.arraycopy(data, offset + done, buffer, size, part);
        size += part;
        done += part;
        if (size == buffer.length) {
          flushChunk();
        }
      }
    }

    void flushChunk() throws IOException {
      if (size > 0) {
        writeChunk(out, "IDAT", buffer, size);
        size = 0;
      }
    }
  }
}

package io.github.lumina4j.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Pixel records of noise, to train an image tokenizer on. */
public final class PixelRecordFile {
  private PixelRecordFile() {}

  /** Writes {@code count} square pictures. */
  public static Path write(Path file, int count, int side) throws IOException {
    byte[] pixels = new byte[count * side * side * 3];
    new Random(7).nextBytes(pixels);
    String header =
        "{\"__metadata__\":{\"format\":\"lumina4j-pixels\",\"version\":\"1\",\"panels\":\"1\"},"
            + "\"pixels\":{\"dtype\":\"U8\",\"shape\":[%d,%d,%d,3],\"data_offsets\":[0,%d]}}"
                .formatted(count, side, side, pixels.length);
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    out.write(text);
    out.write(pixels);
    return Files.write(file, out.toByteArray());
  }
}

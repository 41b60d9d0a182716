package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Pictures and files that several tests use. */
final class TestPictures {
  private TestPictures() {}

  /** Byte i is the top byte of the recipe's stream {@code name} (docs/spec/movqgan.md 12.1). */
  static RgbImage noise(String name, int width, int height) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      long x = hash + (i + 1) * 0x9E3779B97F4A7C15L;
      x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
      x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
      pixels[i] = (byte) ((x ^ (x >>> 31)) >>> 56);
    }
    return new RgbImage(width, height, pixels);
  }

  /** Red grows to the right, green downwards, blue repeats along the diagonal. */
  static RgbImage smooth(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[at++] = (byte) (x * 255 / (width - 1));
        pixels[at++] = (byte) (y * 255 / (height - 1));
        pixels[at++] = (byte) ((x + y) % 256);
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /** One colour everywhere. */
  static RgbImage plain(int width, int height, int rgb) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) (rgb >> 16);
      pixels[i + 1] = (byte) (rgb >> 8);
      pixels[i + 2] = (byte) rgb;
    }
    return new RgbImage(width, height, pixels);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A file of src/test/resources. */
  static byte[] resource(String path) throws IOException {
    try (InputStream in = TestPictures.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("no test resource " + path);
      }
      return in.readAllBytes();
    }
  }
}

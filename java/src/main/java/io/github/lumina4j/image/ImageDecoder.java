package io.github.lumina4j.image;

import io.github.lumina4j.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/**
 * A file's bytes to a picture. Sizes are looked at before anything is decoded: a header may ask for
 * no more than the limits allow, nor for more than the file's bytes can possibly hold.
 */
final class ImageDecoder {
  // No deflate stream unpacks to more than this multiple of its length: 258 bytes from 2 bits.
  static final int DEFLATE_MOST = 1032;

  // Each 8x8 block costs a Huffman-coded JPEG at least one bit.
  private static final int JPEG_MOST_PIXELS_PER_BYTE = 64 * 8;

  private static final int BMP_BITFIELDS = 3;
  private static final int BMP_ALPHA_BITFIELDS = 6;
  private static final int BMP_INFO_HEADER_BYTES = 40;

  private final byte[] file;
  private final ReadOptions options;
  private byte[] profile; // found on the way; null if there is none

  /** For one call of {@link #decode}. */
  ImageDecoder(byte[] file, ReadOptions options) {
    this.file = file;
    this.options = options;
  }

  /**
   * The picture, upright, on white.
   *
   * @throws IOException if the file is not a picture, is damaged, or exceeds the limits; ImageIO's
   *     decoders also throw runtime exceptions for damaged files
   * @throws LinkageError if a native library is needed and cannot be loaded
   */
  RgbImage decode() throws IOException {
    if (file.length == 0) {
      throw new IIOException("the file is empty");
    }
    Optional<String> foreign = ForeignFormat.of(file);
    if (foreign.isPresent()) {
      throw new IIOException(foreign.get());
    }
    byte[] start = Arrays.copyOf(file, Math.min(file.length, ImageFormat.SIGNATURE_BYTES));
    ImageFormat format =
        ImageFormat.of(start)
            .orElseThrow(
                () ->
                    new IIOException(
                        "not a picture of a known format (" + ImageFormat.readableNames() + ")"));
    RgbImage picture = decode(format);
    return options.convertToSrgb() && profile != null
        ? IccProfile.toSrgb(picture, profile)
        : picture;
  }

  private RgbImage decode(ImageFormat format) throws IOException {
    return switch (format) {
      case PNG -> png();
      case JPEG -> jpeg();
      case WEBP -> webp();
      case BMP -> bmp();
      case GIF -> gif();
      case TIFF -> tiff();
    };
  }

  private RgbImage png() throws IOException {
    PngChunks png = PngChunks.of(file);
    checkSize(png.width(), png.height());
    int channels =
        switch (png.colorType()) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    long rowBytes = (png.width() * channels * png.bitDepth() + 7) / 8;
    checkPlausible(rowBytes * png.height() <= png.pixelDataBytes() * DEFLATE_MOST);
    // A transparent colour of an RGB file stays, as in the reference (docs/spec/model.md 5.1).
    boolean useAlpha = png.colorType() != 2;
    if (options.convertToSrgb() && png.first("iCCP") != null) {
      profile = IccProfile.inflate(png.first("iCCP"));
    }
    return Orientation.apply(toRgb(read(ImageFormat.PNG), useAlpha), png.orientation());
  }

  private RgbImage jpeg() throws IOException {
    JpegStructure structure = JpegStructure.of(file);
    profile = structure.profile();
    checkSize(structure.width(), structure.height());
    long pixels = (long) structure.width() * structure.height();
    checkPlausible(pixels <= (long) file.length * JPEG_MOST_PIXELS_PER_BYTE);
    return Orientation.apply(JpegDecoder.decode(file, structure), structure.orientation());
  }

  private RgbImage bmp() throws IOException {
    Bytes bytes = new Bytes(file, ByteOrder.LITTLE_ENDIAN);
    if (bytes.u32(14) >= BMP_INFO_HEADER_BYTES) {
      long compression = bytes.u32(30);
      // Whole JPEG and PNG files inside: they would pass by the checks of their formats.
      if (compression > BMP_BITFIELDS && compression != BMP_ALPHA_BITFIELDS) {
        throw new IIOException("BMP of compression " + compression + " is not supported");
      }
    }
    return plain(ImageFormat.BMP);
  }

  private RgbImage gif() throws IOException {
    GifStructure gif = GifStructure.of(file);
    checkSize(gif.width(), gif.height());
    RgbImage frame = plain(ImageFormat.GIF);
    if (frame.width() == gif.width() && frame.height() == gif.height()) {
      return frame;
    }
    // What the first frame does not cover is transparent.
    byte[] canvas = new byte[gif.width() * gif.height() * RgbImage.RGBA_CHANNELS];
    for (int y = 0; y < frame.height(); y++) {
      int at = ((gif.top() + y) * gif.width() + gif.left()) * RgbImage.RGBA_CHANNELS;
      frame.copyRgbaRows(y, 1, canvas, at);
    }
    return RgbImage.onWhite(gif.width(), gif.height(), canvas);
  }

  private RgbImage webp() throws IOException {
    WebpStructure structure = WebpStructure.of(file);
    profile = structure.profile();
    checkSize(structure.width(), structure.height());
    return Orientation.apply(toRgb(WebpDecoder.decode(structure), true), structure.orientation());
  }

  private RgbImage tiff() throws IOException {
    TiffStructure structure = TiffStructure.of(file);
    if (structure.raw()) {
      throw new IIOException(ForeignFormat.RAW);
    }
    profile = structure.profile();
    checkSize(structure.width(), structure.height());
    checkSize(structure.tileWidth(), structure.tileHeight());
    checkPlausible(structure.plausible());
    ImageReader reader = open(ImageFormat.TIFF);
    try {
      BufferedImage image = TiffPalette.repair(reader.read(0), reader.getImageMetadata(0));
      return Orientation.apply(toRgb(image, true), Orientation.of(file));
    } finally {
      reader.dispose();
    }
  }

  private RgbImage plain(ImageFormat format) throws IOException {
    return toRgb(read(format), true);
  }

  private static RgbImage toRgb(BufferedImage image, boolean useAlpha) throws IIOException {
    try {
      return BufferedImages.toRgbImage(image, useAlpha);
    } catch (IllegalArgumentException e) {
      throw new IIOException(e.getMessage(), e);
    }
  }

  /** The first picture of the file, as ImageIO gives it. */
  private BufferedImage read(ImageFormat format) throws IOException {
    ImageReader reader = open(format);
    try {
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /** A reader at the first picture, whose size is checked; the caller disposes of it. */
  private ImageReader open(ImageFormat format) throws IOException {
    ImageReader reader = Codecs.reader(format);
    boolean checked = false;
    try {
      reader.setInput(new ByteArrayImageInputStream(file), false, true);
      checkSize(reader.getWidth(0), reader.getHeight(0));
      checked = true;
      return reader;
    } finally {
      if (!checked) {
        reader.dispose();
      }
    }
  }

  private void checkSize(long width, long height) throws IIOException {
    if (width < 1 || height < 1) {
      throw new IIOException("its header says " + width + "x" + height + " pixels");
    }
    // Both are below 2^32: the product fits when each is below 2^31.
    if (width > Integer.MAX_VALUE
        || height > Integer.MAX_VALUE
        || width * height > options.limits().maxPixels()) {
      throw new IIOException(
          "its "
              + width
              + "x"
              + height
              + " pixels exceed the limit of "
              + options.limits().maxPixels());
    }
  }

  private static void checkPlausible(boolean fits) throws IIOException {
    if (!fits) {
      throw new IIOException("the file is too short for the size its header gives");
    }
  }
}

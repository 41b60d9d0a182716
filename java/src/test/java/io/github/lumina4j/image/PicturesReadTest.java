package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format and pixel kind, against Pillow's decoders where these say what is right. */
class PicturesReadTest {
  @TempDir private Path folder;

  private static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(TestPictures.resource("/images/expected.json"));
  }

  static Stream<String> files() throws IOException {
    Iterable<String> names = expected()::fieldNames;
    return StreamSupport.stream(names.spliterator(), false);
  }

  private static RgbImage read(byte[] file) {
    return ImageFiles.read(new ByteArrayInputStream(file), "picture");
  }

  private static RgbImage resource(String name) throws IOException {
    return read(TestPictures.resource("/images/" + name));
  }

  @ParameterizedTest
  @MethodSource("files")
  void gives_the_bytes_of_pillow(String name) throws IOException {
    JsonNode row = expected().get(name);
    RgbImage image = resource(name);
    assertThat(image.width()).isEqualTo(row.get("width").asInt());
    assertThat(image.height()).isEqualTo(row.get("height").asInt());
    assertThat(TestPictures.sha256(image.pixels())).isEqualTo(row.get("sha256").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.jpg", "lossless.webp", "rgb.bmp", "palette.gif", "rgb_lzw.tiff"})
  void the_content_decides_not_the_extension(String name) throws IOException {
    Path file = folder.resolve("picture.png");
    Files.write(file, TestPictures.resource("/images/" + name));
    assertThat(ImageFiles.read(file)).isEqualTo(resource(name));
  }

  @Test
  void sixteen_bits_lose_their_low_byte() throws IOException {
    int[][] samples = {{0x00ff, 0x0100, 0xffff}, {0x7fff, 0x8000, 0x1234}};
    byte[] rgb = {0, 1, (byte) 255, 127, (byte) 128, 0x12};
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 2, 1, 3, new Point());
    raster.setPixel(0, 0, samples[0]);
    raster.setPixel(1, 0, samples[1]);
    BufferedImage image = image(raster, ColorSpace.CS_sRGB, false);
    assertThat(read(encode(image, "png")).pixels()).isEqualTo(rgb);
    assertThat(read(encode(image, "tiff")).pixels()).isEqualTo(rgb);
  }

  @Test
  void sixteen_bit_grey_and_alpha_lose_their_low_bytes_before_whitening() throws IOException {
    WritableRaster grey =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 1, 1, 1, new Point());
    grey.setSample(0, 0, 0, 0xabcd);
    assertThat(read(encode(image(grey, ColorSpace.CS_GRAY, false), "png")).rgb(0, 0))
        .isEqualTo(0xababab);

    WritableRaster rgba =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 1, 1, 4, new Point());
    rgba.setPixel(0, 0, new int[] {0x64ff, 0, 0xffff, 0x25ff});
    // 100, 0 and 255 at coverage 37 of 255.
    assertThat(read(encode(image(rgba, ColorSpace.CS_sRGB, true), "png")).rgb(0, 0))
        .isEqualTo(0xe8da00 | 0xff);
  }

  @Test
  void multiplied_alpha_is_divided_out_before_whitening() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_4BYTE_ABGR_PRE);
    image.getRaster().setPixel(0, 0, new int[] {64, 0, 128, 128});
    // 255 * 64 / 128 = 127; half of it and half of white.
    assertThat(BufferedImages.toRgbImage(image).rgb(0, 0))
        .isEqualTo(onWhite(127, 128) << 16 | onWhite(0, 128) << 8 | onWhite(255, 128));
  }

  private static int onWhite(int value, int alpha) {
    double a = alpha / 255.0;
    return (int) ((1 - a) * 255 + a * value);
  }

  @ParameterizedTest
  @CsvSource({
    "0,128,127", "100,37,232", "200,1,254", "13,254,13", "255,77,255",
    "255,200,255", "1,255,1", "77,0,255", "254,3,254", "255,113,255"
  })
  void whitening_truncates_as_numpy_does(int value, int alpha, int expected) {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, alpha << 24 | value << 16 | value << 8 | value);
    assertThat(BufferedImages.toRgbImage(image).rgb(0, 0)).isEqualTo(expected * 0x010101);
  }

  @Test
  void whitening_of_every_value_and_coverage_is_numpys() {
    byte[] rgba = new byte[256 * 256 * 4];
    for (int i = 0; i < rgba.length; i += 4) {
      rgba[i] = (byte) (i / 4);
      rgba[i + 3] = (byte) (i / 4 >> 8);
    }
    byte[] pixels = RgbImage.onWhite(256, 256, rgba).pixels();
    byte[] table = new byte[256 * 256];
    for (int i = 0; i < table.length; i++) {
      table[i] = pixels[3 * i];
    }
    // numpy: ((1 - a) * 255 + a * v).astype("uint8") over [alpha, value].
    assertThat(TestPictures.sha256(table))
        .isEqualTo("518db63c19efc6dd0f3ec9fa5f79d347616f6dfe12cd4929216ef0d361530165");
  }

  @Test
  void buffered_images_survive_the_round_trip() {
    RgbImage image = TestPictures.noise("crop", 5, 4);
    BufferedImage awt = BufferedImages.toBufferedImage(image);
    assertThat(awt.getRGB(3, 2) & 0xffffff).isEqualTo(image.rgb(3, 2));
    assertThat(BufferedImages.toRgbImage(awt)).isEqualTo(image);
  }

  @ParameterizedTest
  @CsvSource({
    BufferedImage.TYPE_INT_RGB + "", BufferedImage.TYPE_INT_ARGB + "",
    BufferedImage.TYPE_INT_BGR + "", BufferedImage.TYPE_4BYTE_ABGR + ""
  })
  void packed_and_ordered_pixels_are_understood(int type) {
    RgbImage image = TestPictures.noise("crop", 5, 4);
    BufferedImage awt = new BufferedImage(5, 4, type);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        awt.setRGB(x, y, 0xff000000 | image.rgb(x, y));
      }
    }
    assertThat(BufferedImages.toRgbImage(awt)).isEqualTo(image);
  }

  @Test
  void a_part_of_a_larger_buffered_image_is_understood() {
    RgbImage image = TestPictures.noise("crop", 9, 8);
    BufferedImage part = BufferedImages.toBufferedImage(image).getSubimage(2, 3, 5, 4);
    assertThat(BufferedImages.toRgbImage(part)).isEqualTo(image.crop(2, 3, 5, 4));
  }

  @Test
  void float_samples_are_refused_by_name() throws IOException {
    WritableRaster raster =
        ImageTypeSpecifier.createBanded(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                new int[] {0},
                new int[] {0},
                DataBuffer.TYPE_FLOAT,
                false,
                false)
            .createBufferedImage(2, 2)
            .getRaster();
    byte[] file = encode(image(raster, ColorSpace.CS_GRAY, false), "tiff");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(LuminaException.class)
        .hasMessage(
            "cannot read picture picture: samples of this kind are not supported, only unsigned"
                + " integers of at most 16 bits")
        .extracting("code")
        .isEqualTo(ErrorCode.IO);
  }

  private static BufferedImage image(WritableRaster raster, int space, boolean alpha) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            alpha,
            false,
            alpha ? ComponentColorModel.TRANSLUCENT : ComponentColorModel.OPAQUE,
            raster.getTransferType());
    return new BufferedImage(model, raster, false, null);
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }
}

package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad files: one line that names the file, of kind IO, and nothing else. */
class DamagedFilesTest {
  @TempDir private Path folder;

  private static RgbImage read(byte[] file) {
    return ImageFiles.read(new ByteArrayInputStream(file), "bad.picture");
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(byte[] file) {
    return assertIo(catchThrowable(() -> read(file)));
  }

  private static AbstractThrowableAssert<?, ?> assertIo(Throwable thrown) {
    assertThat(thrown).isInstanceOf(LuminaException.class);
    assertThat(((LuminaException) thrown).code()).isEqualTo(ErrorCode.IO);
    assertThat(thrown.getMessage()).doesNotContain("\n").startsWith("cannot read picture ");
    return assertThat(thrown);
  }

  static Stream<String> files() throws IOException {
    return PicturesReadTest.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_truncated_file_is_refused_or_lacks_nothing(String name) throws IOException {
    byte[] file = TestPictures.resource("/images/" + name);
    RgbImage whole = read(file);
    for (int length = 0; length < file.length; length += 1 + file.length / 200) {
      byte[] cut = Arrays.copyOf(file, length);
      Throwable thrown = catchThrowable(() -> assertThat(read(cut)).isEqualTo(whole));
      if (thrown != null) {
        assertIo(thrown).as("%s cut to %d bytes", name, length);
      }
    }
    assertRefused(Arrays.copyOf(file, file.length / 4));
  }

  @ParameterizedTest
  @MethodSource("files")
  void random_damage_never_escapes_as_another_failure(String name) throws IOException {
    byte[] file = TestPictures.resource("/images/" + name);
    Random random = new Random(1);
    for (int round = 0; round < 60; round++) {
      byte[] damaged = file.clone();
      for (int i = 0; i < 3; i++) {
        int reach = round % 2 == 0 ? damaged.length : Math.min(damaged.length, 100);
        damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
      }
      Throwable thrown = catchThrowable(() -> read(damaged));
      if (thrown != null) {
        assertIo(thrown).as("%s, round %d", name, round);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgba.png", "palette.png", "bits.png"})
  void a_changed_byte_in_png_pixels_is_noticed(String name) throws IOException {
    byte[] file = TestPictures.resource("/images/" + name);
    int pixels = new String(file, StandardCharsets.ISO_8859_1).indexOf("IDAT") + 4;
    file[pixels + 5] ^= 1;
    assertRefused(file).hasMessageContaining("checksum of chunk IDAT");
  }

  @Test
  void what_is_no_picture_is_refused_by_name() {
    assertRefused(new byte[0]).hasMessage("cannot read picture bad.picture: the file is empty");
    assertRefused("nothing of the kind".getBytes(StandardCharsets.US_ASCII))
        .hasMessage(
            "cannot read picture bad.picture: not a picture of a known format"
                + " (PNG, JPEG, WEBP, BMP, GIF, TIFF)");
  }

  @Test
  void missing_files_and_folders_are_named() {
    Path missing = folder.resolve("no such.png");
    assertIo(catchThrowable(() -> ImageFiles.read(missing)))
        .hasMessage("cannot read picture " + missing + ": there is no such file");
    assertIo(catchThrowable(() -> ImageFiles.read(folder)))
        .hasMessage("cannot read picture " + folder + ": it is a folder");
    assertIo(catchThrowable(() -> ImageFiles.readText(missing)))
        .hasMessage("cannot read picture " + missing + ": there is no such file");
  }

  @Test
  void a_line_break_in_a_name_stays_out_of_the_message() {
    assertIo(catchThrowable(() -> ImageFiles.read(folder.resolve("two\nlines.png"))))
        .hasMessageContaining("two lines.png");
  }

  @Test
  void a_failing_stream_is_an_io_failure_with_its_cause() {
    IOException failure = new IOException("the line went dead");
    InputStream in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw failure;
          }
        };
    assertIo(catchThrowable(() -> ImageFiles.read(in, "line")))
        .hasMessage("cannot read picture line: the line went dead")
        .hasCause(failure);
  }

  @Test
  void pixels_beyond_the_limit_are_refused_from_the_header() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb.jpg"); // 21x17
    ReadLimits exact = new ReadLimits(21 * 17, 1 << 20);
    assertThat(ImageFiles.read(new ByteArrayInputStream(file), "a", exact).width()).isEqualTo(21);
    ReadLimits less = new ReadLimits(21 * 17 - 1, 1 << 20);
    for (String name : PicturesReadTest.files().toList()) {
      InputStream in = new ByteArrayInputStream(TestPictures.resource("/images/" + name));
      assertIo(catchThrowable(() -> ImageFiles.read(in, name, less)))
          .hasMessageContaining(" pixels exceed the limit of 356");
    }
  }

  @Test
  void bytes_beyond_the_limit_are_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb.jpg");
    Path path = Files.write(folder.resolve("a.jpg"), file);
    ReadLimits exact = new ReadLimits(1000, file.length);
    assertThat(ImageFiles.read(path, exact).width()).isEqualTo(21);
    ReadLimits less = new ReadLimits(1000, file.length - 1);
    String message = "it exceeds the limit of " + (file.length - 1) + " bytes";
    assertIo(catchThrowable(() -> ImageFiles.read(path, less))).hasMessageContaining(message);
    assertIo(catchThrowable(() -> ImageFiles.read(new ByteArrayInputStream(file), "a", less)))
        .hasMessageContaining(message);
  }

  @Test
  void an_endless_stream_is_refused_at_the_limit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0x42;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) 0x42);
            return length;
          }
        };
    assertIo(catchThrowable(() -> ImageFiles.read(endless, "endless", new ReadLimits(1, 1 << 20))))
        .hasMessageContaining("exceeds the limit of 1048576 bytes");
  }

  @Test
  void limits_out_of_range_are_refused() {
    assertThatThrownBy(() -> new ReadLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReadLimits(1, 1L << 31))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_png_header_that_its_pixels_cannot_fill_is_refused() throws IOException {
    // Within the limit of pixels, but of 8,000 rows only a few bytes are there.
    assertRefused(png(8000, 8000, 6, new byte[100]))
        .hasMessageContaining("too short for the size its header gives");
    assertRefused(png(1 << 30, 1 << 30, 6, new byte[100]))
        .hasMessageContaining("1073741824x1073741824 pixels exceed the limit");
    assertRefused(png(-1, -1, 6, new byte[100])).hasMessageContaining("exceed the limit");
    assertRefused(png(0, 5, 6, new byte[100])).hasMessageContaining("0x5 pixels");
  }

  @Test
  void a_jpeg_header_that_its_scan_cannot_fill_is_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb.jpg");
    int frame = new String(file, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    ByteBuffer.wrap(file).putShort(frame + 5, (short) 7000).putShort(frame + 7, (short) 7000);
    assertRefused(file).hasMessageContaining("too short for the size its header gives");
    ByteBuffer.wrap(file).putShort(frame + 5, (short) -1).putShort(frame + 7, (short) -1);
    assertRefused(file).hasMessageContaining("65535x65535 pixels exceed the limit of 64000000");
  }

  @Test
  void a_tiff_header_that_its_strips_cannot_fill_is_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb_lzw.tiff");
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(4);
    for (int i = 0; i < buffer.getShort(directory); i++) {
      int entry = directory + 2 + 12 * i;
      if (buffer.getShort(entry) == 256 || buffer.getShort(entry) == 257) {
        buffer.putShort(entry + 2, (short) 4).putInt(entry + 8, 7900);
      }
    }
    assertRefused(file).hasMessageContaining("too short for the size its header gives");
  }

  @Test
  void a_tiff_tile_beyond_the_limit_is_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb_lzw.tiff");
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(4);
    for (int i = 0; i < buffer.getShort(directory); i++) {
      int entry = directory + 2 + 12 * i;
      if (buffer.getShort(entry) == 278) { // rows per strip become the width of a tile
        buffer.putShort(entry, (short) 322).putShort(entry + 2, (short) 4);
        buffer.putInt(entry + 8, Integer.MAX_VALUE);
      }
    }
    assertRefused(file).hasMessageContaining("2147483647x1 pixels exceed the limit");
  }

  @Test
  void a_picture_inside_a_bmp_is_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/rgb.bmp");
    file[30] = 5; // a PNG file instead of pixels
    assertRefused(file).hasMessageContaining("BMP of compression 5 is not supported");
  }

  @Test
  void a_jpeg_of_endless_scans_is_refused() throws IOException {
    byte[] file = TestPictures.resource("/images/grey.jpg");
    int scan = new String(file, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00da");
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(file, 0, scan);
    for (int i = 0; i < 1001; i++) {
      many.write(file, scan, file.length - 2 - scan);
    }
    many.write(file, file.length - 2, 2);
    assertRefused(many.toByteArray()).hasMessageContaining("more than 1000 scans");
  }

  @Test
  void unsupported_jpeg_kinds_are_named() throws IOException {
    byte[] file = TestPictures.resource("/images/grey.jpg");
    int frame = new String(file, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    byte[] arithmetic = file.clone();
    arithmetic[frame + 1] = (byte) 0xc9;
    assertRefused(arithmetic).hasMessageContaining("arithmetic JPEG are not supported");
    byte[] deep = file.clone();
    deep[frame + 4] = 12;
    assertRefused(deep).hasMessageContaining("JPEG of 12 bits per sample is not supported");
  }

  @Test
  void text_that_unpacks_without_end_is_refused() throws IOException {
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[17 << 20]);
    deflater.finish();
    byte[] packed = new byte[1 << 16];
    int length = deflater.deflate(packed);
    deflater.end();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("bomb\0\0".getBytes(StandardCharsets.US_ASCII));
    data.write(packed, 0, length);
    Path file = folder.resolve("bomb.png");
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    png.writeBytes(chunk("IHDR", header(1, 1, 2)));
    png.writeBytes(chunk("zTXt", data.toByteArray()));
    png.writeBytes(chunk("IEND", new byte[0]));
    Files.write(file, png.toByteArray());
    assertIo(catchThrowable(() -> ImageFiles.readText(file)))
        .hasMessageContaining("unpacks to more than 16 MiB");
  }

  @Test
  void text_is_looked_for_in_png_files_only() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), TestPictures.resource("/images/rgb.jpg"));
    assertIo(catchThrowable(() -> ImageFiles.readText(file)))
        .hasMessage("cannot read picture " + file + ": text is kept in PNG files only");
  }

  @Test
  void damaged_text_does_not_cost_the_picture() throws IOException {
    Path file = folder.resolve("a.png");
    RgbImage image = TestPictures.noise("crop", 4, 4);
    ImageFiles.write(file, image, WriteOptions.DEFAULT.withText(Map.of("prompt", "a cat")));
    byte[] bytes = Files.readAllBytes(file);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("a cat")] = 'A';
    Files.write(file, bytes);
    assertThat(ImageFiles.read(file)).isEqualTo(image);
    assertIo(catchThrowable(() -> ImageFiles.readText(file)))
        .hasMessageContaining("the checksum of chunk tEXt does not match");
  }

  private static byte[] header(int width, int height, int colorType) {
    return ByteBuffer.allocate(13)
        .putInt(width)
        .putInt(height)
        .put((byte) 8)
        .put((byte) colorType)
        .array();
  }

  private static byte[] png(int width, int height, int colorType, byte[] pixels) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    png.writeBytes(chunk("IHDR", header(width, height, colorType)));
    png.writeBytes(chunk("IDAT", pixels));
    png.writeBytes(chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    return chunk.putInt(data.length).put(name).put(data).putInt((int) crc.getValue()).array();
  }
}

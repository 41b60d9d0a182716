package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.internal.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageWriteTest {
  private static final String CHINESE = "\u4e00\u53ea\u732b";
  private static final String EMOJI = "cat \ud83d\udc31!";

  @TempDir private Path folder;
  private RgbImage image;

  @BeforeEach
  void makePicture() {
    image = TestPictures.smooth(40, 25);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,3", "40,25", "333,77"})
  void png_keeps_every_pixel(int width, int height) {
    Path file = folder.resolve("a.png");
    RgbImage noise = TestPictures.noise("crop", width, height);
    ImageFiles.write(file, noise);
    assertThat(ImageFiles.read(file)).isEqualTo(noise);
  }

  @Test
  void png_of_many_pixel_chunks_keeps_every_pixel() {
    RgbImage noise = TestPictures.noise("crop", 300, 200); // 180 KB that do not pack
    ImageFiles.write(folder.resolve("a.png"), noise);
    assertThat(ImageFiles.read(folder.resolve("a.png"))).isEqualTo(noise);
  }

  @Test
  void png_is_understood_by_another_reader() throws IOException {
    Path file = folder.resolve("a.png");
    ImageFiles.write(file, image, WriteOptions.DEFAULT.withText(Map.of("k", CHINESE)));
    BufferedImage read = ImageIO.read(file.toFile());
    assertThat(BufferedImages.toRgbImage(read)).isEqualTo(image);
  }

  @Test
  void png_rows_are_filtered_so_that_smooth_pictures_pack() throws IOException {
    RgbImage large = TestPictures.smooth(256, 256);
    ImageFiles.write(folder.resolve("a.png"), large);
    assertThat(Files.size(folder.resolve("a.png"))).isLessThan(256 * 256 * 3 / 50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "a.JPEG", "b.c.Jpg"})
  void jpeg_is_near_the_picture(String name) throws IOException {
    Path file = folder.resolve(name);
    ImageFiles.write(file, image);
    assertThat(Psnr.between(ImageFiles.read(file), image)).isGreaterThan(30);
    assertThat(Files.readAllBytes(file)).startsWith(0xff, 0xd8, 0xff);
  }

  @Test
  void jpeg_quality_counts() throws IOException {
    Path low = folder.resolve("low.jpg");
    Path high = folder.resolve("high.jpg");
    ImageFiles.write(low, image, WriteOptions.DEFAULT.withJpegQuality(0.1));
    ImageFiles.write(high, image, WriteOptions.DEFAULT.withJpegQuality(1));
    assertThat(Files.size(low)).isLessThan(Files.size(high));
    assertThat(Psnr.between(ImageFiles.read(low), image))
        .isLessThan(Psnr.between(ImageFiles.read(high), image));
  }

  @Test
  void the_same_picture_and_text_give_the_same_bytes() throws IOException {
    Map<String, String> forward = new LinkedHashMap<>();
    forward.put("prompt", CHINESE);
    forward.put("seed", "7");
    Map<String, String> backward = new LinkedHashMap<>();
    backward.put("seed", "7");
    backward.put("prompt", CHINESE);
    for (String extension : List.of("png", "jpg")) {
      Path a = folder.resolve("a." + extension);
      Path b = folder.resolve("b." + extension);
      ImageFiles.write(a, image, WriteOptions.DEFAULT.withText(forward));
      ImageFiles.write(b, image, WriteOptions.DEFAULT.withText(backward));
      assertThat(Files.readAllBytes(a)).isEqualTo(Files.readAllBytes(b));
    }
  }

  @Test
  void text_of_every_kind_comes_back() throws IOException {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("Caf\u00e9", "latin \u00e9\u00df\nsecond line");
    text.put("chinese", CHINESE);
    text.put("emoji", EMOJI);
    text.put("empty", "");
    text.put("json", "{\"prompt\":\"" + EMOJI + CHINESE + "\"}");
    text.put("long", "x\u4e00".repeat(100_000));
    text.put("tabs", "a\tb\r\nc\u0085\u00a0d");
    Path file = folder.resolve("a.png");
    ImageFiles.write(file, image, WriteOptions.DEFAULT.withText(text));
    assertThat(ImageFiles.readText(file)).containsExactlyEntriesOf(text);
    assertThat(ImageFiles.read(file)).isEqualTo(image);
  }

  @Test
  void latin_text_is_plain_and_other_text_is_utf8() throws IOException {
    Path file = folder.resolve("a.png");
    ImageFiles.write(
        file, image, WriteOptions.DEFAULT.withText(Map.of("a", "\u00e9t\u00e9", "b", EMOJI)));
    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    String utf8 = new String(EMOJI.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("tEXta\0\u00e9t\u00e9").contains("iTXtb\0\0\0\0\0" + utf8);
  }

  @Test
  void packed_text_of_other_programs_is_read() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), TestPictures.resource("/images/text.png"));
    assertThat(ImageFiles.readText(file))
        .containsExactly(
            Map.entry("plain", "a\u00e9"),
            Map.entry("packed", "p".repeat(500)),
            Map.entry("international", CHINESE),
            Map.entry("packed international", EMOJI.repeat(50)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a ", "a  b", "a\nb", "\u4e00"})
  void keywords_that_png_cannot_hold_are_refused(String keyword) {
    assertThatThrownBy(() -> WriteOptions.DEFAULT.withText(Map.of(keyword, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not 1 to 79 printable Latin-1 characters");
  }

  @Test
  void options_out_of_range_are_refused() {
    assertThatThrownBy(() -> WriteOptions.DEFAULT.withText(Map.of("k".repeat(80), "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WriteOptions.DEFAULT.withText(Map.of("k", "a\0b")))
        .hasMessage("the text of PNG keyword \"k\" holds NUL or half a surrogate pair");
    assertThatThrownBy(() -> WriteOptions.DEFAULT.withText(Map.of("k", "a\ud83d")))
        .isInstanceOf(IllegalArgumentException.class);
    for (double quality : new double[] {-0.01, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> WriteOptions.DEFAULT.withJpegQuality(quality))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("JPEG quality " + quality + " is not 0 to 1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.webp", "a.gif", "a.txt", "png", "a.", ".hidden"})
  void other_extensions_are_refused_with_the_known_ones(String name) throws IOException {
    Path file = folder.resolve(name);
    assertThatThrownBy(() -> ImageFiles.write(file, image))
        .isInstanceOf(LuminaException.class)
        .hasMessage(
            "cannot write picture " + file + ": its extension is not one of .png, .jpg, .jpeg")
        .extracting("code")
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(names()).isEmpty();
  }

  @Test
  void places_that_cannot_be_written_are_refused() throws IOException {
    Path missing = folder.resolve("missing");
    refused(missing.resolve("a.png"), "folder " + missing + " does not exist");
    Path plain = Files.write(folder.resolve("plain"), new byte[1]);
    refused(plain.resolve("a.png"), plain + " is not a folder");
    Path directory = Files.createDirectory(folder.resolve("a.png"));
    refused(directory, "it exists and is not a regular file");
    assertThat(names()).containsExactly("a.png", "plain");
  }

  private void refused(Path file, String reason) {
    assertThatThrownBy(() -> ImageFiles.write(file, image))
        .isInstanceOf(LuminaException.class)
        .hasMessage("cannot write picture " + file + ": " + reason)
        .extracting("code")
        .isEqualTo(ErrorCode.IO);
  }

  @Test
  void writable_places_are_known_before_writing() throws IOException {
    assertThat(ImageFiles.checkWritable(folder.resolve("a.png"))).isEqualTo(ImageFormat.PNG);
    assertThat(ImageFiles.checkWritable(Path.of("relative.jpeg"))).isEqualTo(ImageFormat.JPEG);
    assertThat(names()).isEmpty();
  }

  @Test
  void only_the_picture_remains_and_others_may_read_it() throws IOException {
    Path probe = Files.write(folder.resolve("probe"), new byte[1]);
    ImageFiles.write(folder.resolve("a.png"), image);
    assertThat(names()).containsExactly("a.png", "probe");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a.png"))))
        .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(probe)));
  }

  @Test
  void an_existing_picture_is_replaced() {
    Path file = folder.resolve("a.png");
    ImageFiles.write(file, TestPictures.plain(3, 3, 0xff0000));
    ImageFiles.write(file, image);
    assertThat(ImageFiles.read(file)).isEqualTo(image);
  }

  @Test
  void a_symbolic_link_keeps_pointing_at_the_file() throws IOException {
    Path file = folder.resolve("real.png");
    ImageFiles.write(file, TestPictures.plain(3, 3, 0xff0000));
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), file);
    ImageFiles.write(link, image);
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(ImageFiles.read(file)).isEqualTo(image);
  }

  @Test
  void a_failure_in_the_middle_leaves_the_old_file_and_nothing_else() throws IOException {
    Path file = Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
    IOException failure = new IOException("disk full");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      assertThat(names()).hasSize(2); // the temporary file is beside the other
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    assertThat(names()).containsExactly("a.png");
  }

  @Test
  void every_name_that_the_disk_takes_can_be_written() throws IOException {
    for (int length : new int[] {5, 124, 125, 236, 237, 255}) {
      Path file = folder.resolve("n".repeat(length - 4) + ".png");
      ImageFiles.write(file, image);
      assertThat(ImageFiles.read(file)).isEqualTo(image);
    }
    assertThat(names()).hasSize(6);
  }

  @Test
  void a_name_too_long_for_the_disk_is_known_before_and_an_io_failure() throws IOException {
    Path file = folder.resolve("n".repeat(252) + ".png");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> ImageFiles.write(file, image), () -> ImageFiles.checkWritable(file))) {
      assertThatThrownBy(call)
          .isInstanceOf(LuminaException.class)
          .hasMessageStartingWith("cannot write picture " + file + ": its name is too long: 256")
          .extracting("code")
          .isEqualTo(ErrorCode.IO);
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void what_a_killed_write_left_is_known_by_its_name() throws IOException {
    for (String name : List.of("a.png", "n".repeat(251) + ".png")) {
      Path file = folder.resolve(name);
      AtomicFile.write(
          file,
          out -> {
            String temporary = names().get(0);
            assertThat(temporary.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(Math.max(139, name.length()));
            assertThat(AtomicFile.isTemporary(folder.resolve(temporary), name)).isTrue();
            assertThat(AtomicFile.isTemporary(folder.resolve(temporary), "m" + name)).isFalse();
          });
      assertThat(AtomicFile.isTemporary(file, name)).isFalse();
      Files.delete(file);
    }
  }

  @Test
  void sizes_that_the_format_cannot_hold_are_known_before() {
    assertThat(ImageFiles.checkWritable(folder.resolve("a.png"), 65_536, 32))
        .isEqualTo(ImageFormat.PNG);
    assertThatThrownBy(() -> ImageFiles.checkWritable(folder.resolve("a.jpg"), 65_536, 32))
        .isInstanceOf(LuminaException.class)
        .hasMessage("JPEG holds at most 65500 pixels per side, not 65536");
  }

  @Test
  void pictures_go_to_streams_too() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageFiles.write(out, image, ImageFormat.PNG, WriteOptions.DEFAULT);
    assertThat(ImageFiles.read(new ByteArrayInputStream(out.toByteArray()), "a")).isEqualTo(image);
    assertThatThrownBy(() -> ImageFiles.write(out, image, ImageFormat.GIF, WriteOptions.DEFAULT))
        .isInstanceOf(LuminaException.class)
        .hasMessage("pictures can be read from but not written to GIF");
  }

  @Test
  void sides_that_jpeg_cannot_hold_are_refused() throws IOException {
    RgbImage wide = TestPictures.plain(65_501, 1, 0);
    assertThatThrownBy(() -> ImageFiles.write(folder.resolve("a.jpg"), wide))
        .isInstanceOf(LuminaException.class)
        .hasMessage("JPEG holds at most 65500 pixels per side, not 65501")
        .extracting("code")
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(names()).isEmpty();
    ImageFiles.write(folder.resolve("a.png"), wide);
    assertThat(ImageFiles.read(folder.resolve("a.png"))).isEqualTo(wide);
  }
}

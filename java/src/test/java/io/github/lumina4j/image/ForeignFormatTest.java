package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of kinds that cannot be read: the error says what they are and what to do. */
class ForeignFormatTest {
  private static void assertNamed(byte[] file, String what) {
    assertThatThrownBy(() -> ImageFiles.read(new ByteArrayInputStream(file), "photo"))
        .isInstanceOf(LuminaException.class)
        .hasMessage("cannot read picture photo: this is " + what)
        .extracting("code")
        .isEqualTo(ErrorCode.IO);
  }

  /** The first bytes of real files. */
  @ParameterizedTest
  @CsvSource({
    "0000001866747970686569630000000068656963, a HEIC picture (as iPhones take them)",
    "000000246674797068656978000000006d69663168656978, a HEIC picture (as iPhones take them)",
    "0000001c667479706d696631000000006d69663168656963, a HEIC picture (as iPhones take them)",
    "0000001c6674797061766966000000006d69663161766966, an AVIF picture",
    "0000001c667479706d696631000000006d69663161766966, an AVIF picture",
    "0000001866747970637278200000000163727820, a raw picture of a camera (CR3)",
    "ff0afa1f01, a JPEG XL picture",
    "0000000c4a584c200d0a870a00000014, a JPEG XL picture",
    "0000000c6a5020200d0a870a00000014, a JPEG 2000 picture",
    "ff4fff51002f, a JPEG 2000 picture",
    "00000100010010100000, an ICO icon",
    "00000a00000000000000000040002000, ",
    "000002000000000000000000400020001820, a TGA picture",
    "00000200010020200000000000003001000016000000, a CUR cursor",
    "00000a000000000000000000400020001808, a TGA picture",
    "3842505300010000, a Photoshop document (PSD)",
    "255044462d312e370a, a PDF document",
    "2521505320, a PostScript document",
    "50360a3120310a323535, a PNM picture",
    "716f6966000000010000, a QOI picture",
    "762f3101, an OpenEXR picture",
    "49492b000800, a BigTIFF picture",
    "49492a001000000043520200, a raw picture of a camera (CR2)",
    "46554a4946494c4d4343442d52415720, a raw picture of a camera (RAF)",
    "4949550008000000, a raw picture of a camera (RW2)"
  })
  void is_named_with_what_to_do(String hex, String what) {
    if (what == null) { // too short to be a TGA picture
      assertThat(ForeignFormat.of(HexFormat.of().parseHex(hex))).isEmpty();
      return;
    }
    assertNamed(HexFormat.of().parseHex(hex), what + "; convert it to JPEG or PNG first");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<svg xmlns='http://www.w3.org/2000/svg'/>|an SVG drawing; convert it to JPEG or PNG first",
        "<?xml version='1.0'?><!-- a --><svg/>|an SVG drawing; convert it to JPEG or PNG first",
        "<!DOCTYPE html><html>|a web page, not a picture; fetch the picture that it shows",
        "version https://git-lfs.github.com/spec/v1|a Git LFS pointer; fetch the file with git lfs"
            + " pull"
      })
  void so_is_text(String text, String what) {
    assertNamed(text.getBytes(StandardCharsets.US_ASCII), what);
    if (text.startsWith("<")) {
      assertNamed(("\ufeff\n " + text).getBytes(StandardCharsets.UTF_8), what);
    }
  }

  @Test
  void a_video_is_one() {
    assertNamed(
        HexFormat.of().parseHex("0000001c667479706d703432000000006d70343269736f6d"),
        "a video (MP4 or MOV); take a frame of it first");
  }

  /** Their first page is a small preview, which must not be taken for the picture. */
  @Test
  void a_raw_picture_in_a_tiff_file_is_not_read_as_its_thumbnail() {
    String raw = ForeignFormat.RAW.substring("this is ".length());
    assertNamed(tiff(new int[][] {{50706, 1, 4, 0x0401}}), raw); // DNG
    assertNamed(tiff(new int[][] {{254, 4, 1, 1}, {330, 4, 1, 8}}), raw); // NEF, ARW
  }

  private static byte[] tiff(int[][] entries) {
    ByteBuffer file = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    file.putShort((short) entries.length);
    for (int[] entry : entries) {
      file.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]).putInt(entry[3]);
    }
    return file.array();
  }

  static java.util.stream.Stream<String> files() throws IOException {
    return PicturesReadTest.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void what_can_be_read_is_not_foreign(String name) throws IOException {
    assertThat(ForeignFormat.of(TestPictures.resource("/images/" + name))).isEmpty();
  }
}

package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exif orientations of a JPEG of six squares; PNG, WebP and TIFF are in PicturesReadTest. */
class OrientationTest {
  // Whole JPEG blocks of one colour each keep their borders.
  private static final int SIDE = 16;
  private static final int[] COLORS = {0xd02020, 0x20d020, 0x2020d0, 0xe0e020, 0xe020e0, 0x202020};

  /** The picture as stored: AB, CD, EF. */
  private static byte[] stored() throws IOException {
    RgbImage image = null;
    for (int row = 0; row < 3; row++) {
      RgbImage left = TestPictures.plain(SIDE, SIDE, COLORS[2 * row]);
      RgbImage right = TestPictures.plain(SIDE, SIDE, COLORS[2 * row + 1]);
      RgbImage both = Panels.grid(List.of(left, right), 2);
      image = image == null ? both : Panels.stack(image, both);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageFiles.write(out, image, ImageFormat.JPEG, WriteOptions.DEFAULT);
    return out.toByteArray();
  }

  /** Exif with one other tag before the orientation. */
  private static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer tiff = ByteBuffer.allocate(38).order(order);
    tiff.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    tiff.putShort((short) 42).putInt(8).putShort((short) 2);
    tiff.putShort((short) 0x0100).putShort((short) 3).putInt(1).putInt(0);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0);
    tiff.putInt(0);
    return tiff.array();
  }

  /** The file with an APP1 segment right after its start marker. */
  private static byte[] withApp1(byte[] jpeg, byte[] exif) {
    ByteBuffer result = ByteBuffer.allocate(jpeg.length + 10 + exif.length);
    result.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (8 + exif.length));
    result.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
    return result.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** Letters of the squares in reading order, rows separated by a stroke. */
  private static String layout(RgbImage image) {
    StringBuilder text = new StringBuilder();
    for (int y = SIDE / 2; y < image.height(); y += SIDE) {
      for (int x = SIDE / 2; x < image.width(); x += SIDE) {
        text.append((char) ('A' + nearest(image.rgb(x, y))));
      }
      text.append('/');
    }
    return text.substring(0, text.length() - 1);
  }

  private static int nearest(int rgb) {
    for (int i = 0; i < COLORS.length; i++) {
      int far = 0;
      for (int shift = 0; shift < 24; shift += 8) {
        far = Math.max(far, Math.abs((rgb >> shift & 0xff) - (COLORS[i] >> shift & 0xff)));
      }
      if (far < 16) {
        return i;
      }
    }
    return 'x' - 'A';
  }

  private static RgbImage read(byte[] file) {
    return ImageFiles.read(new ByteArrayInputStream(file), "picture");
  }

  @ParameterizedTest
  @CsvSource({
    "1,AB/CD/EF",
    "2,BA/DC/FE",
    "3,FE/DC/BA",
    "4,EF/CD/AB",
    "5,ACE/BDF",
    "6,ECA/FDB",
    "7,FDB/ECA",
    "8,BDF/ACE"
  })
  void all_eight_orientations_come_upright(int orientation, String layout) throws IOException {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      RgbImage image = read(withApp1(stored(), exif(orientation, order)));
      assertThat(layout(image)).isEqualTo(layout);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "9", "65535"})
  void other_values_leave_the_picture_as_stored(int orientation) throws IOException {
    byte[] file = withApp1(stored(), exif(orientation, ByteOrder.BIG_ENDIAN));
    assertThat(layout(read(file))).isEqualTo("AB/CD/EF");
  }

  @Test
  void damaged_exif_costs_the_orientation_not_the_picture() throws IOException {
    byte[] exif = exif(6, ByteOrder.LITTLE_ENDIAN);
    for (int length = 0; length < 32; length++) {
      byte[] file = withApp1(stored(), Arrays.copyOf(exif, length));
      assertThat(layout(read(file))).as("%d bytes", length).isEqualTo("AB/CD/EF");
    }
    byte[] lost = exif.clone();
    lost[7] = (byte) 0xff; // the directory's place, beyond 2^31
    assertThat(layout(read(withApp1(stored(), lost)))).isEqualTo("AB/CD/EF");
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What commands make of pictures with a colour profile, and of files that they cannot read. */
class GivenPicturesTest extends CommandTest {
  /** One colour, 32x32, with the profile of linear RGB. */
  private Path linear() throws IOException {
    ICC_ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB));
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, 3, null);
    for (int i = 0; i < 32 * 32; i++) {
      raster.setPixel(i % 32, i / 32, new int[] {55, 55, 55});
    }
    ComponentColorModel model =
        new ComponentColorModel(
            space, false, false, ComponentColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
    Path file = file("linear.tif");
    assertThat(ImageIO.write(new BufferedImage(model, raster, false, null), "tiff", file.toFile()))
        .isTrue();
    return file;
  }

  @Test
  void edit_converts_a_profile_if_asked() throws IOException {
    Path input = linear();
    succeed("edit", input, "night", "--size", "32x64", "-o", file("a.png"));
    succeed("edit", input, "night", "--size", "32x64", "--icc", "-o", file("b.png"));
    RgbImage plain = backend.requests.get(0).image().orElseThrow();
    RgbImage converted = backend.requests.get(1).image().orElseThrow();
    assertThat(plain.rgb(3, 3)).isEqualTo(0x373737);
    assertThat(converted.rgb(3, 3) & 0xff).isBetween(126, 130); // 0.216 is 128 in sRGB
  }

  @Test
  void reconstruct_does_so_too() throws IOException {
    Path input = linear();
    succeed("reconstruct", input, "-o", file("a.png"), "--save-tokens", file("a.json"));
    succeed("reconstruct", input, "--icc", "-o", file("b.png"), "--save-tokens", file("b.json"));
    assertThat(ImageFiles.read(file("a.png"))).isNotNull();
    assertThat(Files.readString(file("a.json"))).isNotEqualTo(Files.readString(file("b.json")));
  }

  @Test
  void a_picture_of_a_phone_is_named() throws IOException {
    Path photo = file("IMG_0001.png"); // whatever its extension
    Files.write(photo, HexFormat.of().parseHex("0000001866747970686569630000000068656963"));
    refuse(
        1,
        "this is a HEIC picture (as iPhones take them); convert it to JPEG or PNG first",
        "edit",
        photo,
        "night",
        "-o",
        file("a.png"));
  }
}

package io.github.lumina4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Files that commands cannot read. */
class GivenPicturesTest extends CommandTest {
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

package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Pictures whose names are Latin-1, which Java gets with U+FFFD in the place of a byte. */
@EnabledIfSystemProperty(named = "sun.jnu.encoding", matches = "UTF-8")
class ByteNamesTest {
  @TempDir private Path folder;
  private Path picture;

  @BeforeEach
  void write() throws IOException {
    picture = folder.resolve("picture.png");
    ImageFiles.write(picture, TestPictures.smooth(8, 8));
  }

  /** Copies the picture to a name of bytes in octal, which only a shell can do. */
  private void copy(String target) throws IOException {
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", "cp picture.png \"$(printf '" + target + "')\"")
              .directory(folder.toFile())
              .inheritIO()
              .start();
      assertThat(shell.waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void is_found_by_what_is_left_of_its_name() throws IOException {
    copy("caf\\351.png");
    Path given = folder.resolve("caf\ufffd.png");
    assertThat(Files.exists(given)).isFalse();
    assertThat(ImageFiles.read(given)).isEqualTo(TestPictures.smooth(8, 8));
  }

  @Test
  void two_that_look_alike_are_not_guessed_at() throws IOException {
    copy("caf\\351.png");
    copy("caf\\350.png");
    Path given = folder.resolve("caf\ufffd.png");
    assertThatThrownBy(() -> ImageFiles.read(given))
        .isInstanceOf(LuminaException.class)
        .hasMessage(
            "cannot read picture "
                + given
                + ": 2 files have this name, which is not valid UTF-8; rename it first");
  }

  @Test
  void one_that_is_not_there_is_said_to_be_missing() {
    assertThatThrownBy(() -> ImageFiles.read(folder.resolve("th\ufffd.png")))
        .hasMessageEndingWith(": there is no such file");
  }

  @Test
  void nothing_is_written_under_another_name() {
    Path given = folder.resolve("th\ufffd.png");
    assertThatThrownBy(() -> ImageFiles.write(given, TestPictures.smooth(8, 8)))
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining("its name is not valid UTF-8");
    assertThat(folder.toFile().list()).containsExactly("picture.png");
  }
}

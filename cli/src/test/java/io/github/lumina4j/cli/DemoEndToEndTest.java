package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands on the real library and an artifact of the test's own: the smallest recipe
 * checkpoint in the place of the demo model.
 */
class DemoEndToEndTest {
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());
  private ClassLoader before;
  private ClassPathFirst loader;

  /** Finds the test's artifact before that of the program. */
  private static final class ClassPathFirst extends URLClassLoader {
    ClassPathFirst(Path root, ClassLoader parent) throws IOException {
      super(new URL[] {root.toUri().toURL()}, parent);
    }

    @Override
    public URL getResource(String name) {
      URL own = findResource(name);
      return own == null ? super.getResource(name) : own;
    }
  }

  @BeforeEach
  void artifactOnTheClassPath() throws IOException {
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    Path root = folder.resolve("artifact");
    Path model = root.resolve("META-INF/lumina4j/demo-model");
    Files.createDirectories(model.getParent());
    succeed("recipe", model, "--preset", "tiny");
    Files.writeString(
        model.resolve("generation_config.json"),
        "{\"width\":96,\"height\":64,\"guidance_scale\":2}");
    StringBuilder index = new StringBuilder();
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        index.append(Sha256.of(file)).append(" *").append(file.getFileName()).append('\n');
      }
    }
    Files.writeString(model.resolve("SHA256SUMS"), index);
    before = Thread.currentThread().getContextClassLoader();
    loader = new ClassPathFirst(root, before);
    Thread.currentThread().setContextClassLoader(loader);
  }

  @AfterEach
  void classPathAsItWas() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }

  private Program.Result succeed(Object... args) {
    Program.Result result =
        program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private static List<Integer> size(Path file) {
    RgbImage picture = ImageFiles.read(file);
    return List.of(picture.width(), picture.height());
  }

  @Test
  void a_prompt_is_enough() {
    Path file = folder.resolve("a.png");
    Program.Result result =
        succeed("generate", "a red circle left of a blue square", "--seed", 7, "-o", file);
    assertThat(result.err()).startsWith("using the demo model; --model DIR for another\n");
    assertThat(size(file)).containsExactly(96, 64);
    assertThat(ImageFiles.readText(file)).containsEntry("cfg", "2.0").containsEntry("seed", "7");
    assertThat(folder.resolve("cache/demo-model")).isDirectory();
    assertThat(succeed("inspect", "demo").out()).contains("96x64").containsPattern("cfg +2.0\n");
  }

  @Test
  void a_picture_and_an_instruction_are_enough() {
    Path given = folder.resolve("given.png");
    ImageFiles.write(given, new RgbImage(50, 70, new byte[3 * 50 * 70]));
    Path file = folder.resolve("b.png");
    succeed("edit", given, "make the circle green", "--whole", "-o", file);
    assertThat(size(file)).containsExactly(96, 128);
    assertThat(succeed("reconstruct", given, "-o", folder.resolve("c.png")).out()).contains("PSNR");
  }
}

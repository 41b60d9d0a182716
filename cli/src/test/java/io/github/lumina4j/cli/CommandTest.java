package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of commands without natives share. */
abstract class CommandTest {
  @TempDir Path folder;

  final FakeBackend backend = new FakeBackend();
  final Program program = new Program(backend);

  @BeforeEach
  void modelInTheVariable() {
    program.variables.put("LUMINA_MODEL", model().toString());
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
  }

  Path model() {
    return FakeBackend.checkpoint(folder.resolve("model"));
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  /** Runs what must succeed. */
  Program.Result succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isEqualTo(0);
    return result;
  }

  /** Runs what must fail before anything is loaded, with one line on standard error. */
  void refuse(int code, String message, Object... args) {
    Program.Result result = run(args);
    assertThat(result.err()).startsWith("lumina: ").contains(message).endsWith("\n");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.code()).isEqualTo(code);
    if (List.of(args).contains("--json")) {
      assertThat(json(result.out()).at("/error/exit_code").asInt()).isEqualTo(code);
    } else {
      assertThat(result.out()).isEmpty();
    }
    assertThat(backend.opened).isEmpty();
  }

  /** A picture of {@code width} x {@code height} on disk, no two rows alike. */
  Path picture(String name, int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 3 / width + i % 3 * 50);
    }
    Path file = file(name);
    ImageFiles.write(file, new RgbImage(width, height, pixels));
    return file;
  }

  static JsonNode json(String text) {
    assertThat(text.lines()).as("one line of JSON").hasSize(1);
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /** The names of the files in the test's folder. */
  List<String> files() {
    try (Stream<Path> list = Files.list(folder)) {
      List<String> names = new ArrayList<>(list.map(f -> f.getFileName().toString()).toList());
      names.removeAll(List.of("model", "cache"));
      names.sort(null);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch whose process is killed in the middle, again and again. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BatchKillTest extends CommandTest {
  private static final int PICTURES = 100;
  private static final int KILLS = 3;
  private static final int MILLIS_PER_PICTURE = 5;

  /** The program with the fake library, for a process of its own. */
  static final class Main {
    public static void main(String[] args) {
      FakeBackend backend = new FakeBackend();
      backend.beforePicture =
          number -> {
            try {
              Thread.sleep(MILLIS_PER_PICTURE);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      Program program = new Program(backend);
      program.variables.putAll(System.getenv());
      System.exit(program.run(args).code());
    }
  }

  private Map<String, FileTime> pictures() throws IOException {
    Map<String, FileTime> times = new HashMap<>();
    if (Files.isDirectory(file("out"))) {
      try (Stream<Path> files = Files.list(file("out"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".png")).toList()) {
          times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
        }
      }
    }
    return times;
  }

  @Test
  void a_restart_makes_exactly_what_is_missing() throws Exception {
    Files.write(
        file("prompts.jsonl"),
        IntStream.range(0, PICTURES)
            .mapToObj(i -> "{\"prompt\":\"picture " + i + "\",\"size\":\"64x64\"}")
            .toList());
    String[] args = {"batch", file("prompts.jsonl").toString(), "-o", file("out").toString(), "-q"};
    Map<String, FileTime> before = Map.of();
    for (int kill = 1; kill <= KILLS; kill++) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Stream.concat(
                          Stream.of(
                              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                              "-XX:TieredStopAtLevel=1",
                              "-cp",
                              ProcessTest.classPath(),
                              Main.class.getName()),
                          Stream.of(args))
                      .toList())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("LUMINA_MODEL", program.variables.get("LUMINA_MODEL"));
      Process process = builder.start();
      while (pictures().size() < before.size() + 20 && process.isAlive()) {
        Thread.sleep(1);
      }
      process.destroyForcibly().waitFor(); // kill -9
      Map<String, FileTime> now = pictures();
      assertThat(now).containsAllEntriesOf(before);
      before = now;
    }
    int existed = before.size();
    assertThat(existed).isBetween(20 * KILLS, PICTURES - 1);
    // What a kill in the middle of writing leaves.
    Path half = file("out").resolve("." + before.keySet().iterator().next() + ".k3s.tmp");
    Files.write(half, new byte[] {1, 2, 3});

    succeed((Object[]) args);
    assertThat(backend.requests).hasSize(PICTURES - existed);
    assertThat(pictures()).hasSize(PICTURES).containsAllEntriesOf(before);
    try (Stream<Path> files = Files.list(file("out"))) {
      assertThat(files).hasSize(PICTURES + 1); // and the journal
    }
    for (String name : pictures().keySet()) {
      RgbImage picture = ImageFiles.read(file("out").resolve(name));
      assertThat(picture.width()).isEqualTo(64);
    }
    assertThat(
            pictures().keySet().stream()
                .map(name -> PictureText.read(file("out").resolve(name)).prompt())
                .distinct())
        .hasSize(PICTURES);
    List<String> made =
        Files.readAllLines(file("out").resolve("batch.jsonl")).stream()
            .filter(line -> line.endsWith("}")) // a kill may leave half a line
            .map(line -> json(line).path("file").asText())
            .collect(Collectors.toList());
    assertThat(made).as("none is made twice").doesNotHaveDuplicates();
    assertThat(made.size()).isBetween(PICTURES - KILLS, PICTURES);

    int requests = backend.requests.size();
    succeed((Object[]) args);
    assertThat(backend.requests).hasSize(requests);
  }
}

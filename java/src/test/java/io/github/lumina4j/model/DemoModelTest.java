package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.testing.DemoArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoModelTest {
  @TempDir Path folder;

  private Path source;
  private Path jar;
  private Path cache;

  @BeforeEach
  void artifact() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    byte[] weights = new byte[1 << 18];
    new Random(1).nextBytes(weights);
    Files.write(source.resolve("model.safetensors"), weights);
    Files.writeString(source.resolve("config.json"), "{}");
    jar = folder.resolve("demo.jar");
    DemoArtifact.pack(source, jar);
    cache = folder.resolve("cache");
  }

  private void assertComplete(Path unpacked) {
    assertThat(unpacked.toFile().list())
        .containsExactlyInAnyOrder("config.json", "model.safetensors");
    assertContents(unpacked);
  }

  private void assertContents(Path unpacked) {
    for (String name : List.of("config.json", "model.safetensors")) {
      assertThat(unpacked.resolve(name)).hasSameBinaryContentAs(source.resolve(name));
    }
  }

  @Test
  void the_files_are_unpacked_once() throws Exception {
    DemoArtifact.with(
        jar,
        () -> {
          Path unpacked = DemoModel.folder(cache);
          assertThat(unpacked.getParent()).isEqualTo(cache.resolve("demo-model"));
          assertComplete(unpacked);
          FileTime earlier = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
          Files.setLastModifiedTime(unpacked.resolve("model.safetensors"), earlier);
          assertThat(DemoModel.folder(cache)).isEqualTo(unpacked);
          assertThat(Files.getLastModifiedTime(unpacked.resolve("model.safetensors")))
              .isEqualTo(earlier);
        });
  }

  @Test
  void another_version_gets_a_folder_of_its_own() throws Exception {
    DemoArtifact.with(jar, () -> DemoModel.folder(cache));
    Files.writeString(source.resolve("config.json"), "{ }");
    Path other = folder.resolve("other.jar");
    DemoArtifact.pack(source, other);
    DemoArtifact.with(other, () -> assertComplete(DemoModel.folder(cache)));
    assertThat(cache.resolve("demo-model").toFile().list()).hasSize(2);
  }

  @Test
  void what_is_damaged_or_missing_is_unpacked_again() throws Exception {
    DemoArtifact.with(
        jar,
        () -> {
          Path unpacked = DemoModel.folder(cache);
          byte[] weights = Files.readAllBytes(unpacked.resolve("model.safetensors"));
          weights[weights.length / 2] ^= 1;
          Files.write(unpacked.resolve("model.safetensors"), weights);
          Files.delete(unpacked.resolve("config.json"));
          assertComplete(DemoModel.folder(cache));
        });
  }

  // Nothing is shared between calls but the files, so that threads stand for processes.
  @Test
  void several_at_once_all_find_it_complete() throws Exception {
    int count = 8;
    CyclicBarrier start = new CyclicBarrier(count);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      for (Future<?> done :
          IntStream.range(0, count)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            DemoArtifact.with(
                                jar,
                                () -> {
                                  start.await();
                                  assertContents(DemoModel.folder(cache));
                                });
                            return null;
                          }))
              .toList()) {
        done.get();
      }
      DemoArtifact.with(jar, () -> assertComplete(DemoModel.folder(cache)));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void without_the_artifact_its_coordinates_are_named() {
    assertThatThrownBy(() -> DemoModel.folder(cache))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("io.github.lumina4j:lumina4j-demo-model");
    assertThat(cache).doesNotExist();
  }

  @Test
  void an_artifact_that_contradicts_itself_is_refused() throws Exception {
    Path config = source.resolve("config.json");
    String right = Sha256.of(config) + " *config.json\n";
    String wrong = "0".repeat(64) + " *config.json\n";
    Map<String, Path> files = Map.of("config.json", config);
    for (Map.Entry<String, String> index :
        Map.of(
                wrong,
                "config.json is not what SHA256SUMS says",
                right + right.replace("config", "other"),
                "other.json is missing",
                right.replace("config", "../config"),
                "is no line of SHA256SUMS",
                right.replace("config", "."),
                "is no line of SHA256SUMS")
            .entrySet()) {
      DemoArtifact.pack(files, index.getKey(), jar);
      DemoArtifact.with(
          jar,
          () ->
              assertThatThrownBy(() -> DemoModel.folder(cache))
                  .isInstanceOf(CheckpointException.class)
                  .hasMessageContaining("lumina4j-demo-model is damaged")
                  .hasMessageContaining(index.getValue()));
    }
  }

  @Test
  void a_cache_that_cannot_be_written_is_named() throws Exception {
    Files.writeString(cache, "a file");
    DemoArtifact.with(
        jar,
        () ->
            assertThatThrownBy(() -> DemoModel.folder(cache))
                .isInstanceOfSatisfying(
                    LuminaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
                .hasMessageContaining("cannot unpack the demo model to " + cache));
  }

  @Test
  void the_cache_is_where_the_variables_say() {
    assertThat(CacheFolder.of(Map.of("LUMINA_CACHE", "/a", "XDG_CACHE_HOME", "/b")))
        .isEqualTo(Path.of("/a"));
    assertThat(CacheFolder.of(Map.of("LUMINA_CACHE", "", "XDG_CACHE_HOME", "/b")))
        .isEqualTo(Path.of("/b/lumina4j"));
    assertThat(CacheFolder.of(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "lumina4j"));
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls in processes of their own, of which one is killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PullProcessTest {
  private static final int WEIGHT_BYTES = 48 << 20;

  @TempDir Path folder;
  private SmallHub hub;

  @BeforeEach
  void startHub() throws IOException {
    hub = new SmallHub(WEIGHT_BYTES);
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            ProcessTest.classPath(),
            LuminaCommand.class.getName(),
            "pull",
            "org/model",
            "--json");
    builder.environment().put("HF_HOME", folder.toString());
    builder.environment().put("HF_ENDPOINT", hub.address());
    builder.environment().remove("HF_HUB_CACHE");
    return builder.redirectError(folder.resolve("stderr").toFile()).start();
  }

  private void finish(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("stderr"))).isZero();
    assertThat(out).contains(SmallHub.COMMIT);
    assertThat(repo().resolve("snapshots").resolve(SmallHub.COMMIT).resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
    try (Stream<Path> blobs = Files.list(repo().resolve("blobs"))) {
      assertThat(blobs).hasSize(3);
    }
  }

  private Path repo() {
    return folder.resolve("hub/models--org--model");
  }

  @Test
  void a_killed_pull_goes_on_and_nothing_half_written_was_visible() throws Exception {
    // Enough for half of it; then the hub stands still.
    hub.pieces.drainPermits();
    hub.pieces.release(24 * 16);
    Process process = start();
    while (hub.pieces.availablePermits() > 0) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(5);
    }
    process.destroyForcibly().waitFor();
    assertThat(repo().resolve("snapshots")).doesNotExist();
    assertThat(repo().resolve("refs")).doesNotExist();
    hub.pieces.release(1 << 16);
    hub.served.set(0);
    finish(start());
    // The system keeps some of what was sent, on its way to a process that no longer is.
    assertThat(hub.served.get()).isLessThan(WEIGHT_BYTES * 3L / 4);
  }

  @Test
  void two_programs_fetch_everything_once() throws Exception {
    hub.pieces.drainPermits();
    Process first = start();
    Process second = start();
    hub.pieces.release(1 << 16);
    finish(first);
    finish(second);
    assertThat(hub.served).hasValue(WEIGHT_BYTES + 5);
  }

  @Test
  void sigterm_ends_a_pull_that_waits_for_bytes() throws Exception {
    hub.pieces.drainPermits();
    Process process = start();
    while (hub.pieces.getQueueLength() == 0) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(5);
    }
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(folder.resolve("stderr"))
        .content()
        .endsWith("the same command continues from there\nlumina: cancelled\n");
    assertThat(repo().resolve("snapshots")).doesNotExist();
  }
}

package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training in a process of its own that is killed or asked to end. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class TrainingProcessTest {
  private static final int STEPS = 12;

  @TempDir Path folder;

  @BeforeEach
  void writeRecords() throws IOException {
    int count = 16;
    int side = 32;
    byte[] pixels = new byte[count * side * side * 3];
    new Random(7).nextBytes(pixels);
    byte[] header =
        ("{\"__metadata__\":{\"format\":\"lumina4j-pixels\",\"version\":\"1\",\"panels\":\"1\"},"
                + "\"pixels\":{\"dtype\":\"U8\",\"shape\":[%d,%d,%d,3],\"data_offsets\":[0,%d]}}"
                    .formatted(count, side, side, pixels.length))
            .getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
    out.write(header);
    out.write(pixels);
    Files.write(folder.resolve("pixels.safetensors"), out.toByteArray());
  }

  private Process start(String run) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            ProcessTest.classPath(),
            LuminaCommand.class.getName(),
            "train-image-tokenizer",
            "--data=" + folder.resolve("pixels.safetensors"),
            "--output=" + folder.resolve(run),
            "--steps=" + STEPS,
            "--batch-size=2",
            "--channels=32",
            "--multipliers=1,1,1,1",
            "--residual-blocks=1",
            "--codes=16",
            "--free-steps=1",
            "--restart-every=2",
            "--learning-rate=1e-3",
            "--save-every=2",
            "--threads=1");
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve(run + ".err").toFile())
        .start();
  }

  private void finish(String run) throws Exception {
    assertThat(start(run).waitFor()).as(errors(run)).isZero();
  }

  private String errors(String run) throws IOException {
    return Files.readString(folder.resolve(run + ".err"));
  }

  private byte[] weights(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve("final/movqgan.safetensors"));
  }

  /** Waits until the process has said {@code text}. */
  private void await(Process process, String run, String text) throws Exception {
    while (!errors(run).contains(text)) {
      assertThat(process.isAlive()).as("running until '%s': %s", text, errors(run)).isTrue();
      Thread.sleep(5);
    }
  }

  @Test
  void a_killed_run_goes_on_to_the_bytes_of_an_unbroken_one() throws Exception {
    Process process = start("killed");
    await(process, "killed", "step 3 of");
    process.destroyForcibly().waitFor();
    assertThat(folder.resolve("killed/final")).doesNotExist();
    assertThat(folder.resolve("killed/step-00000002")).isDirectory();
    finish("killed");
    assertThat(errors("killed")).doesNotContain("step 1 of");
    finish("unbroken");
    assertThat(weights("killed")).isEqualTo(weights("unbroken"));
    assertThat(folder.resolve("killed/log.jsonl")).content().hasLineCount(STEPS);
  }

  @Test
  void ctrl_c_writes_a_checkpoint_and_says_how_to_go_on() throws Exception {
    Process process = start("stopped");
    await(process, "stopped", "step 1 of");
    process.destroy(); // SIGTERM: as Ctrl-C, but never ignored
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(errors("stopped"))
        .containsPattern("stopped after step \\d+ of 12; the same command continues from there")
        .endsWith("lumina: cancelled\n");
    assertThat(folder.resolve("stopped/final")).doesNotExist();
    assertThat(folder.resolve("stopped")).isDirectoryContaining("glob:**/step-*");
  }
}

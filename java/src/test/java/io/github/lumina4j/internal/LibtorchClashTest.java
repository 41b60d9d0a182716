package io.github.lumina4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.DeviceException;
import io.github.lumina4j.NativeLibrary;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another libtorch that a process has loaded first, as DJL's PyTorch engine does. */
class LibtorchClashTest {
  private static final String RESOURCE = "/org/bytedeco/pytorch/linux-x86_64/libc10.so";

  @TempDir Path folder;

  /** The process: loads a library, then the engine, and tells what came of it. */
  public static final class Embedder {
    /** {@code args}: the library. */
    public static void main(String[] args) {
      System.load(args[0]);
      try {
        System.out.println("loaded " + NativeLibrary.load().version());
      } catch (DeviceException e) {
        System.out.println("refused " + e.getMessage());
      }
    }
  }

  private String run(Path library) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=" + Loader.getCacheDir(),
                "-cp",
                classPath,
                Embedder.class.getName(),
                library.toString()));
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void it_is_told_before_it_ends_the_process() throws Exception {
    NativeCaches.prepare();
    File own = Loader.cacheResource(Natives.class.getResource(RESOURCE));
    Path other = Files.copy(own.toPath(), folder.resolve("libc10.so"));
    // The same build, wherever it lies, is as good as ours.
    assertThat(run(own.toPath())).contains("loaded ");
    Files.write(other, new byte[] {0}, StandardOpenOption.APPEND); // which the linker does not read
    assertThat(run(other.toRealPath()))
        .contains("refused another libtorch is loaded in this process already (" + other)
        .contains("use lumina4j in a process of its own");
  }
}

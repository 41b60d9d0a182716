package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own that is asked to end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessTest {
  @TempDir static Path cache;
  @TempDir Path folder;

  /** What exists of the class path of this test, which Surefire may have hidden in a jar. */
  static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(all.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty() && Files.exists(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void ctrl_c_cancels_within_a_step_and_leaves_nothing_half_written() throws Exception {
    assumeTrue(!interruptsAreIgnored(), "this process was started with SIGINT ignored");
    endsWith("INT", 130);
  }

  @Test
  void ctrl_c_keeps_what_is_drawn_if_asked_and_a_preview_has_shown_it() throws Exception {
    assumeTrue(!interruptsAreIgnored(), "this process was started with SIGINT ignored");
    Path preview = folder.resolve("now.png");
    Process process =
        start(
            "generate",
            "fox",
            "--keep-partial",
            "--preview",
            preview.toString(),
            "--preview-rows",
            "1",
            "--size",
            "1024x1024",
            "-o",
            out());
    List<String> lines = new ArrayList<>();
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      boolean sent = false;
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        if (!sent && line.matches(".*row [1-9].*")) {
          signal(process, "INT");
          sent = true;
        }
      }
    }
    assertThat(process.waitFor()).as("%s", lines).isEqualTo(130);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("lumina: cancelled");
    assertThat(ImageFiles.read(Path.of(out())).height()).isEqualTo(1024);
    UsedRows partial = PictureText.read(Path.of(out())).partial();
    assertThat(partial.rows()).isBetween(1, 127);
    assertThat(partial.rowsTotal()).isEqualTo(128);
    RgbImage shown = ImageFiles.read(preview);
    assertThat(shown.height()).isEqualTo(1024);
    assertThat(shown.rgb(0, 1023)).as("not drawn").isIn(0xeeeeee, 0xcccccc);
    try (Stream<Path> patches = Files.list(cache.resolve("previews"))) {
      assertThat(patches).hasSize(1);
    }
  }

  @Test
  void sigterm_cancels_too() throws Exception {
    endsWith("TERM", 143);
  }

  @Test
  void ctrl_c_in_a_conversation_cancels_the_turn_only() throws Exception {
    assumeTrue(!interruptsAreIgnored(), "this process was started with SIGINT ignored");
    Path input = folder.resolve("in.png");
    ImageFiles.write(input, new RgbImage(64, 64, new byte[64 * 64 * 3]));
    Process process =
        start("edit", input.toString(), "--interactive", "--size", "1024x1024", "-o", out());
    List<String> lines = new ArrayList<>();
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
        Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("green\n");
      in.flush();
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        if (line.contains("row ")) {
          signal(process, "INT");
          break;
        }
      }
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        if (line.startsWith("cancelled;")) {
          in.write("quit\n");
          in.flush();
        }
      }
    }
    assertThat(process.waitFor()).as("%s", lines).isZero();
    assertThat(lines).contains("cancelled; the picture is as before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(input);
    }
  }

  private void endsWith(String signal, int expected) throws Exception {
    Process process =
        start(
            "generate",
            "fox",
            "--json",
            "--size",
            "1024x1024",
            "-o",
            out(),
            "--save-tokens",
            folder.resolve("fox.json").toString());
    List<String> lines = new ArrayList<>();
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        if (line.contains("row ")) {
          signal(process, signal);
          break;
        }
      }
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
      }
    }
    assertThat(process.waitFor()).as("%s", lines).isEqualTo(expected);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("lumina: cancelled");
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("\"files\":[]", "\"code\":\"cancelled\"");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  private String out() {
    return folder.resolve("fox.png").toString();
  }

  private static void signal(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  private Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // Unpacked natives are shared, whatever the cache of the test is.
                "-Dorg.bytedeco.javacpp.cachedir="
                    + System.getProperty("org.bytedeco.javacpp.cachedir"),
                "-cp",
                classPath(),
                LuminaCommand.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LUMINA_CACHE", cache.toString());
    builder.environment().put("LUMINA_MODEL", "recipe:tiny");
    return builder.start();
  }

  /** A process in the background of a script has SIGINT ignored, and so have its children. */
  static boolean interruptsAreIgnored() throws IOException {
    String mask =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .replace("SigIgn:", "")
            .strip();
    return (Long.parseUnsignedLong(mask, 16) & 1L << 1) != 0;
  }
}

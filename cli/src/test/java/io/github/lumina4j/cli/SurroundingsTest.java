package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process on machines that are set up in unusual ways. */
class SurroundingsTest {
  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>();
  private final List<String> java = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
  private Path work;

  @BeforeEach
  void folders() throws IOException {
    work = Files.createDirectory(folder.resolve("work"));
    variables.put("LUMINA_MODEL", "recipe:tiny");
  }

  private Program.Result run(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java);
    command.addAll(List.of("-cp", ProcessTest.classPath(), LuminaCommand.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name -> name.startsWith("LUMINA_") || name.startsWith("XDG_") || name.equals("TMPDIR"));
    builder.environment().putAll(variables);
    Path err = folder.resolve("stderr");
    Process process = builder.redirectError(err.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Program.Result(process.waitFor(), out, Files.readString(err));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_user_without_an_entry_in_passwd_has_all_caches_below_home() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    variables.put("HOME", home.toString());
    java.add("-Duser.home=?"); // as Java has it then
    Program.Result result = run("generate", "fox", "--size", "64x64", "-o", "fox.png");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(ImageFiles.read(work.resolve("fox.png")).width()).isEqualTo(64);
    assertThat(names(work)).containsExactly("fox.png");
    assertThat(names(home)).containsExactly(".cache");
    assertThat(names(home.resolve(".cache"))).containsExactly("lumina4j");
    assertThat(names(home.resolve(".cache/lumina4j"))).contains("djl", "javacpp");
  }

  @Test
  void no_folder_that_can_be_written_is_one_clear_line() throws Exception {
    String closed = Files.createFile(folder.resolve("file")).toString();
    variables.put("HOME", closed);
    variables.put("TMPDIR", closed);
    java.add("-Duser.home=?");
    Program.Result result = run("generate", "fox", "--size", "64x64", "-o", "fox.png");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err().lines().filter(line -> line.startsWith("lumina: ")))
        .hasSize(1)
        .allMatch(line -> line.contains("set LUMINA_CACHE to a folder"));
    assertThat(names(work)).isEmpty();
    variables.put("LUMINA_CACHE", closed);
    result = run("devices");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("lumina: the cache folder " + closed)
        .contains("cannot be written; set LUMINA_CACHE")
        .hasLineCount(1);
  }

  @Test
  void absurd_threads_are_refused_with_the_range() throws Exception {
    variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    java.add(
        "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("org.bytedeco.javacpp.cachedir"));
    Program.Result result = run("generate", "fox", "--threads", "100000", "-o", "fox.png");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("threads must be between 0 (the default: ", "(got 100000)");
    assertThat(names(work)).isEmpty();
  }

  @Test
  void fewer_allowed_processors_are_fewer_threads() throws Exception {
    variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    java.add(
        "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("org.bytedeco.javacpp.cachedir"));
    if (Runtime.getRuntime().availableProcessors() == 1) {
      return; // nothing to take away
    }
    // Java's own launcher cannot be told: the shell is, and Java inherits it.
    List<String> command =
        List.of(
            "taskset",
            "-c",
            "0",
            Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.of(
                    command.stream(),
                    java.stream(),
                    Stream.of(
                        "-cp", ProcessTest.classPath(), LuminaCommand.class.getName(), "devices"))
                .flatMap(all -> all)
                .toList());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).containsPattern("threads +1 of \\d+; affinity or a CPU set allows no more");
  }
}

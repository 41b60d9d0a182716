package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lumina}, in a tree whose build steps are stand-ins. */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("lumina.root"));

  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>();
  private Path tree;

  @BeforeEach
  void treeWithStandIns() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    for (String name :
        List.of(
            "ci",
            "java/src/main",
            "cli/src/main",
            "server/src/main",
            "demo/model",
            "demo/world/src/main",
            "native/cmake",
            "native/include",
            "native/kernels",
            "native/src")) {
      Files.createDirectories(tree.resolve(name));
    }
    for (String name :
        List.of(
            "CMakeLists.txt",
            "java/pom.xml",
            "cli/pom.xml",
            "server/pom.xml",
            "demo/model/pom.xml",
            "demo/world/pom.xml")) {
      Files.writeString(tree.resolve(name), "");
    }
    Files.writeString(tree.resolve("native/CMakeLists.txt"), "");
    Files.copy(ROOT.resolve("pom.xml"), tree.resolve("pom.xml"));
    Files.copy(ROOT.resolve("ci/env.sh"), tree.resolve("ci/env.sh"));
    script("lumina", Files.readString(ROOT.resolve("lumina")));
    script("ci/setup.sh", "#!/bin/sh\necho setting up\n");
    // The class path of this test stands for what a build makes.
    script(
        "ci/build.sh",
        "#!/bin/sh\necho building\necho '"
            + ProcessTest.classPath()
            + "' >"
            + tree.resolve("build/classpath")
            + "\n");
    variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(tree.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private Program.Result run(Path script, String... args) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(script.toString()), Stream.of(args)).toArray(String[]::new));
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LUMINA_"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(variables);
    Path err = folder.resolve("stderr");
    Process process = builder.redirectError(err.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Program.Result(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void it_runs_without_a_home() throws Exception {
    variables.remove("LUMINA_CACHE");
    Program.Result result =
        run(
            script(
                "start", "#!/bin/sh\nunset HOME\nexec " + tree.resolve("lumina") + " --version\n"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("lumina " + Version.NUMBER);
  }

  @Test
  void it_builds_on_first_use_and_after_a_change_only() throws Exception {
    Program.Result first = run(tree.resolve("lumina"), "--version");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).startsWith("lumina " + Version.NUMBER);
    assertThat(first.err()).startsWith("lumina: building").contains("setting up\nbuilding\n");
    assertThat(run(tree.resolve("lumina"), "--version").err()).isEmpty();

    for (String name : List.of("cli/src/main/New.java", "demo/model/model.safetensors")) {
      Path source = Files.writeString(tree.resolve(name), "");
      Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
      variables.put("LUMINA_SKIP_BUILD", "1");
      assertThat(run(tree.resolve("lumina"), "--version").err()).isEmpty();
      variables.remove("LUMINA_SKIP_BUILD");
      assertThat(run(tree.resolve("lumina"), "--version").err()).contains("building");
      Files.delete(source);
    }
  }

  @Test
  void a_jar_that_was_deleted_is_built_again() throws Exception {
    Files.createDirectories(tree.resolve("build"));
    Files.writeString(tree.resolve("build/classpath"), "/nonexistent/lumina.jar\n");
    assertThat(run(tree.resolve("lumina"), "--version").err()).contains("building");
  }

  @Test
  void an_archive_of_classes_that_no_longer_fits_is_passed_over_in_silence() throws Exception {
    Files.createDirectories(tree.resolve("build"));
    Files.write(tree.resolve("build/classes.jsa"), new byte[4096]);
    run(tree.resolve("lumina"), "--version"); // builds
    variables.put("LUMINA_JAVA_OPTS", "-Xmx40m"); // less than the young generation asked for
    Program.Result result = run(tree.resolve("lumina"), "--version");
    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("lumina " + Version.NUMBER);
  }

  @Test
  void a_build_that_fails_ends_it() throws Exception {
    script("ci/setup.sh", "#!/bin/sh\necho no network >&2\nexit 7\n");
    Program.Result result = run(tree.resolve("lumina"), "--version");
    assertThat(result.code()).isEqualTo(7);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("no network").doesNotContain("building\n");
  }

  @Test
  void it_works_through_a_symbolic_link_and_in_the_callers_folder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("tree/lumina"));
    Files.writeString(folder.resolve("prompt.txt"), "fox");
    Program.Result result =
        run(link, "generate", "--prompt-file", "prompt.txt", "--model", "missing-model");
    assertThat(result.code()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).endsWith("lumina: missing-model: no such folder\n");
  }

  @Test
  void words_beyond_ascii_survive_the_c_locale() throws Exception {
    // This Java runs in the C locale itself and could not pass such words on.
    Path caller = script("caller", "#!/bin/sh\nexec tree/lumina generate x --model 狐狸🦊\n");
    Program.Result result = run(caller);
    assertThat(result.err()).endsWith("lumina: 狐狸🦊: no such folder\n");
    assertThat(result.code()).isEqualTo(3);
  }

  @Test
  void options_for_java_are_passed_on() throws Exception {
    variables.put("LUMINA_JAVA_OPTS", "-Xint -showversion");
    assertThat(run(tree.resolve("lumina"), "--version").err()).contains("interpreted mode");
  }

  @Test
  void an_old_java_is_refused() throws Exception {
    Path home = Files.createDirectories(tree.resolve("jdk/bin")).getParent();
    script("jdk/bin/java", "#!/bin/sh\nexit 0\n");
    variables.put("JAVA_HOME", home.toString());
    for (String version : List.of("11.0.2", "1.8.0_402", "9-ea", "none")) {
      Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
      Program.Result result = run(tree.resolve("lumina"), "--version");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .endsWith(
              "lumina: JDK 17 or newer is needed; " + home + "/bin/java is " + version + "\n");
    }
    for (String version : List.of("17", "17.0.15", "21-ea")) {
      Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
      assertThat(run(tree.resolve("lumina"), "--version").code()).as(version).isZero();
    }
    variables.put("JAVA_HOME", folder.resolve("nowhere").toString());
    assertThat(run(tree.resolve("lumina"), "--version").err()).contains("no Java found");
  }
}

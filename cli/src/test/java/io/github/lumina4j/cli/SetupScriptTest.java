package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ci/setup.sh} where CMake is missing and apt-get is a stand-in. */
class SetupScriptTest {
  private static final Path ROOT = Path.of(System.getProperty("lumina.root"));
  private static final Path COMMANDS = Path.of("/usr/bin");
  private static final Path TERMINAL = COMMANDS.resolve("script");

  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>();
  private Path calls;

  @BeforeEach
  void commandsWithoutCMake() throws IOException {
    Path commands = Files.createDirectory(folder.resolve("bin"));
    try (Stream<Path> all = Files.list(COMMANDS)) {
      for (Path command : all.toList()) {
        String name = command.getFileName().toString();
        if (!Set.of("cmake", "apt-get", "id").contains(name)) {
          Files.createSymbolicLink(commands.resolve(name), command);
        }
      }
    }
    calls = folder.resolve("calls");
    standIn(commands.resolve("apt-get"), "echo \"$@\" >>" + calls);
    standIn(commands.resolve("id"), "echo 0");
    variables.put("PATH", commands.toString());
    variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    variables.put("LUMINA_LIBTORCH", folder.resolve("libtorch").toString()); // nothing to fetch
  }

  private static void standIn(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Ended(int status, String output) {}

  private Ended run(boolean terminal, String input) throws Exception {
    String script = ROOT.resolve("ci/setup.sh").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            terminal
                ? List.of(TERMINAL.toString(), "-qec", script, "/dev/null")
                : List.of("/bin/bash", script));
    builder.environment().keySet().removeIf(name -> name.matches("LUMINA_.*|CI"));
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    if (!terminal) { // a terminal's end of input would come before the question
      process.getOutputStream().close();
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private List<String> installed() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  @Test
  void on_a_terminal_it_asks_first() throws Exception {
    assumeTrue(Files.isExecutable(TERMINAL), "no 'script' to make a terminal with");
    Ended refused = run(true, "n\n");
    assertThat(refused.output()).contains("cmake").contains("Install them now? [Y/n]");
    assertThat(refused.output()).contains("nothing was installed");
    assertThat(refused.status()).isNotZero();
    assertThat(installed()).isEmpty();

    Ended agreed = run(true, "y\n");
    assertThat(agreed.status()).as(agreed.output()).isZero();
    assertThat(installed().get(1)).startsWith("install").contains("cmake");
  }

  @Test
  void with_the_variable_or_without_a_terminal_it_does_not_ask() throws Exception {
    Ended piped = run(false, "");
    assertThat(piped.status()).as(piped.output()).isZero();
    assertThat(piped.output()).contains("installing Debian packages: ").doesNotContain("[Y/n]");
    assertThat(installed()).hasSize(2);

    assumeTrue(Files.isExecutable(TERMINAL), "no 'script' to make a terminal with");
    variables.put("LUMINA_YES", "1");
    Ended told = run(true, "");
    assertThat(told.status()).as(told.output()).isZero();
    assertThat(told.output()).doesNotContain("[Y/n]");
    assertThat(installed()).hasSize(4);
  }
}

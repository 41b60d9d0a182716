package io.github.lumina4j.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of its own for what would end or burden that of the tests. */
public final class ChildJvm {
  /** How it ended and what it said; {@code hsErr}: whether it left a crash report. */
  public record Ended(int status, String output, boolean hsErr) {}

  private final Path home;
  private final List<String> options = new ArrayList<>();

  private ChildJvm(Path home) {
    this.home = home;
  }

  /** The JDK of the tests. */
  public static ChildJvm same() {
    return new ChildJvm(Path.of(System.getProperty("java.home")));
  }

  /** A JDK with virtual threads that is installed beside the one of the tests. */
  public static Optional<ChildJvm> withVirtualThreads() {
    if (Runtime.version().feature() >= 21) {
      return Optional.of(same());
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(installed)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(installed)) {
      return homes.filter(home -> version(home) >= 21).findFirst().map(ChildJvm::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process in the background of a script has SIGINT ignored, and so have its children. */
  public static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      String mask = lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
      long signals = Long.parseUnsignedLong(mask.substring(mask.indexOf(':') + 1).strip(), 16);
      return (signals & 1L << 1) != 0; // SIGINT is number 2
    }
  }

  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return 0;
    }
    try (var reader = Files.newBufferedReader(release)) {
      Properties properties = new Properties();
      properties.load(reader);
      String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("[.-]")[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  public ChildJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Starts {@code main}; its output and errors come together, in {@code folder} crash reports. */
  public Process start(Path folder, Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/java").toString());
    command.addAll(options);
    command.add("-XX:ErrorFile=" + folder.resolve("hs_err.log"));
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .replace("\n", File.pathSeparator));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** Runs {@code main} to its end. */
  public Ended run(Path folder, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    return end(folder, start(folder, main, arguments));
  }

  /** Waits for the end of what {@link #start} has started; its whole output must be wanted. */
  public static Ended end(Path folder, Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    return new Ended(process.waitFor(), output, Files.exists(folder.resolve("hs_err.log")));
  }
}

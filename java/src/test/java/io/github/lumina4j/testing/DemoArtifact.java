package io.github.lumina4j.testing;

import io.github.lumina4j.model.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A jar like the demo model's, of a folder of the test's own. */
public final class DemoArtifact {
  /** What a test does while the artifact is on the class path. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  private DemoArtifact() {}

  /** Packs the files of {@code folder} and their index. */
  public static void pack(Path folder, Path jar) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      list.forEach(file -> files.put(file.getFileName().toString(), file));
    }
    StringBuilder index = new StringBuilder();
    files.forEach(
        (name, file) -> index.append(Sha256.of(file)).append(" *").append(name).append('\n'));
    pack(files, index.toString(), jar);
  }

  /** Packs files and an index that need not agree. */
  public static void pack(Map<String, Path> files, String index, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        entries.putNextEntry(new ZipEntry("META-INF/lumina4j/demo-model/" + file.getKey()));
        Files.copy(file.getValue(), entries);
      }
      entries.putNextEntry(new ZipEntry("META-INF/lumina4j/demo-model/SHA256SUMS"));
      entries.write(index.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Runs {@code body} with the jar on the class path of this thread. */
  public static void with(Path jar, Body body) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      body.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}

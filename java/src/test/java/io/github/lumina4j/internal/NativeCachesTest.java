package io.github.lumina4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCachesTest {
  @TempDir Path folder;

  /** A jar as a reproducible build makes it: the date is always the same. */
  private URL jar(String text) throws IOException {
    Path file = folder.resolve("refresh-" + folder.getFileName() + ".jar");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry("natives/liblumina.so");
      entry.setTime(315_619_200_000L);
      zip.putNextEntry(entry);
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    URL url = URI.create("jar:" + file.toUri() + "!/natives/liblumina.so").toURL();
    url.openConnection().setDefaultUseCaches(false);
    return url;
  }

  @Test
  void a_rebuilt_library_of_the_same_size_and_date_is_used() throws IOException {
    NativeCaches.prepare();
    File unpacked = Loader.cacheResource(jar("the first build"));
    try {
      assertThat(unpacked).hasContent("the first build");
      URL second = jar("a second build!".substring(0, 15));
      assertThat(Loader.cacheResource(second)).hasContent("the first build"); // why it is needed
      NativeCaches.refresh(second);
      assertThat(Loader.cacheResource(second)).hasContent("a second build!");
      // What is the same stays.
      Object before = Files.getAttribute(unpacked.toPath(), "unix:ino");
      NativeCaches.refresh(second);
      assertThat(Files.getAttribute(unpacked.toPath(), "unix:ino")).isEqualTo(before);
    } finally {
      Files.deleteIfExists(unpacked.toPath());
      Files.deleteIfExists(unpacked.toPath().getParent());
      Files.deleteIfExists(unpacked.toPath().getParent().getParent());
    }
  }

  @Test
  void a_library_in_a_folder_is_used_where_it_is() throws IOException {
    NativeCaches.refresh(Files.writeString(folder.resolve("x.so"), "x").toUri().toURL());
    assertThat(folder.resolve("x.so")).hasContent("x");
  }
}

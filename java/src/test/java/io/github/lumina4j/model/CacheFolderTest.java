package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  @TempDir Path folder;

  private final Map<String, String> variables = new HashMap<>();
  private Path temporary;
  private String javaHome;

  @BeforeEach
  void homes() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    javaHome = Files.createDirectory(folder.resolve("passwd")).toString();
  }

  private Path found() {
    return CacheFolder.ofUser(variables, javaHome, temporary);
  }

  /** A place where no folder can be made, for root either. */
  private String closed() throws IOException {
    Path file = folder.resolve("file");
    return (Files.exists(file) ? file : Files.createFile(file)).toString();
  }

  private Path privateFolder() throws IOException {
    return temporary.resolve("lumina4j-" + Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  @Test
  void variables_go_before_homes() {
    variables.put("HOME", folder.resolve("home").toString());
    assertThat(found()).isEqualTo(folder.resolve("home/.cache"));
    variables.put("XDG_CACHE_HOME", "/xdg");
    assertThat(found()).isEqualTo(Path.of("/xdg"));
    assertThat(CacheFolder.of(variables)).isEqualTo(Path.of("/xdg/lumina4j"));
    variables.put("LUMINA_CACHE", "/own");
    assertThat(CacheFolder.of(variables)).isEqualTo(Path.of("/own"));
  }

  @Test
  void without_home_it_is_that_of_passwd() throws IOException {
    assertThat(found()).isEqualTo(Path.of(javaHome, ".cache"));
    variables.put("HOME", "");
    variables.put("XDG_CACHE_HOME", "");
    assertThat(found()).isEqualTo(Path.of(javaHome, ".cache"));
    variables.put("HOME", closed());
    assertThat(found()).isEqualTo(Path.of(javaHome, ".cache"));
  }

  @Test
  void without_any_home_it_is_a_private_folder_for_temporary_files() throws IOException {
    for (String none : new String[] {"?", "", closed()}) {
      javaHome = none;
      assertThat(found()).isEqualTo(privateFolder());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(privateFolder())))
          .isEqualTo("rwx------");
    }
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void java_s_usual_folder_for_temporary_files_gives_way_to_the_variable() throws IOException {
    variables.put("TMPDIR", temporary.toString());
    javaHome = "?";
    Path usual = Path.of("/tmp");
    assertThat(CacheFolder.ofUser(variables, javaHome, usual)).isEqualTo(privateFolder());
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThat(CacheFolder.ofUser(variables, javaHome, other)).startsWith(other);
  }

  /** Prints the folder: what a process of another user finds. */
  public static final class Finder {
    public static void main(String[] args) {
      System.out.println(CacheFolder.path());
    }
  }

  @Test
  void a_user_without_an_entry_in_passwd_gets_a_folder_of_its_own() throws Exception {
    assumeTrue("0".equals(Files.getAttribute(folder, "unix:uid").toString()), "not root");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv");
    // The build's own folders may be closed to others.
    Path classes = Files.createDirectory(folder.resolve("classes"));
    for (Class<?> one : List.of(CacheFolder.class, Finder.class)) {
      Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(name -> name.toString().endsWith(".class")).toList()) {
          Path copy = classes.resolve(root.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    Process process =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=12345",
                "--regid=12345",
                "--clear-groups",
                "/usr/bin/env",
                "-u",
                "XDG_CACHE_HOME",
                "-u",
                "LUMINA_CACHE",
                "HOME=/",
                "TMPDIR=" + temporary,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                Finder.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out.strip()).isEqualTo(temporary.resolve("lumina4j-12345/lumina4j").toString());
    assertThat(Files.getAttribute(temporary.resolve("lumina4j-12345"), "unix:uid"))
        .isEqualTo(12345);
  }

  @Test
  void a_private_folder_of_somebody_else_is_not_used() throws IOException {
    javaHome = "?";
    Path shared = Files.createDirectory(privateFolder());
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(this::found)
        .isInstanceOf(LuminaException.class)
        .hasMessageContaining(shared + " is not this user's alone; set LUMINA_CACHE");
    Files.delete(shared);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(shared, elsewhere);
    assertThatThrownBy(this::found).hasMessageContaining("is not this user's alone");
    temporary = Path.of(closed());
    assertThatThrownBy(this::found)
        .hasMessageStartingWith("there is no home folder that can be written")
        .hasMessageContaining("cannot be made");
  }
}

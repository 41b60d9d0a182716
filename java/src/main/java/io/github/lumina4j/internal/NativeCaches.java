package io.github.lumina4j.internal;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.CacheFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.bytedeco.javacpp.Loader;

/**
 * Where the libraries that bring natives in their jars unpack them: below {@link CacheFolder}, each
 * in a folder of its own, unless the user has set its own variable or property.
 */
public final class NativeCaches {
  /** What to do where two applications of one process load the natives. */
  public static final String SECOND_LOADER =
      "a native library serves one class loader of a process; put the jars of lumina4j and its"
          + " dependencies where all applications share them (Tomcat: lib), or restart the process"
          + " instead of redeploying";

  private static final String JAVACPP = "org.bytedeco.javacpp.cachedir";

  private NativeCaches() {}

  /**
   * Tells the libraries where to unpack. To be called before they are loaded; again has no effect.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if there is no folder that can be written
   */
  public static synchronized void prepare() {
    choose(JAVACPP, "javacpp");
    choose("DJL_CACHE_DIR", "djl");
    choose("jna.tmpdir", "jna");
  }

  private static void choose(String property, String name) {
    // DJL looks at the environment, too; the others' names cannot stand there.
    if (System.getProperty(property) != null || System.getenv(property) != null) {
      return;
    }
    Path folder = CacheFolder.path().toAbsolutePath().resolve(name);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    // JavaCPP would go on to the next folder that it knows, be it one called "?".
    if (!CacheFolder.canBeWritten(folder)) {
      throw unwritable(folder, null);
    }
    System.setProperty(property, folder.toString());
  }

  private static LuminaException unwritable(Path folder, IOException cause) {
    return new LuminaException(
        ErrorCode.IO,
        "the cache folder "
            + folder
            + " cannot be written; set LUMINA_CACHE to one that can, for files that can be made"
            + " again",
        cause);
  }

  /**
   * Unpacks {@code resource} again if the unpacked file is another: JavaCPP compares size and date,
   * which are the same for two builds of one version, whose jars have fixed dates.
   */
  static void refresh(URL resource) throws IOException {
    if (!"jar".equals(resource.getProtocol())
        || !(resource.openConnection() instanceof JarURLConnection jar)) {
      return; // a file in a folder is loaded from where it is
    }
    long wanted = jar.getJarEntry().getCrc();
    File unpacked = Loader.cacheResource(resource);
    if (wanted < 0 || unpacked == null || checksum(unpacked.toPath()) == wanted) {
      return;
    }
    // A process that has the old one mapped keeps it: the new one is another file.
    Files.deleteIfExists(unpacked.toPath());
    Loader.cacheResource(resource);
  }

  private static long checksum(Path file) throws IOException {
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {
        // The checksum is all that is wanted.
      }
      return ((CheckedInputStream) in).getChecksum().getValue();
    }
  }

  /** The libraries of the engine, as resources: what may be newer than the unpacked file. */
  static List<String> engineLibraries(String platform) {
    String folder = "/io/github/lumina4j/internal/" + platform + "/";
    return List.of(folder + "liblumina.so", folder + "libjniNativeLumina.so");
  }
}

package io.github.lumina4j.model;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The small model that travels with the library, as the artifact {@code lumina4j-demo-model}: a
 * checkpoint folder among the resources, and its {@code SHA256SUMS}. The engine maps files, so it
 * is unpacked to the user's cache when first asked for.
 *
 * <p>Every file is checked each time and written again if it is not what the artifact holds. Files
 * appear complete or not at all, so several processes may do this at once.
 */
public final class DemoModel {
  private static final String COORDINATES = "io.github.lumina4j:lumina4j-demo-model";
  private static final String RESOURCES = "META-INF/lumina4j/demo-model/";
  private static final String INDEX = "SHA256SUMS";

  // As sha256sum writes it; a name without folders, since the files go below the cache.
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([\\w-][\\w.-]*)");

  // Enough of the index's hash to tell versions apart in a folder name.
  private static final int VERSION_DIGITS = 12;

  private final ClassLoader loader;

  private DemoModel(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * The checkpoint folder, below {@link CacheFolder#path()}.
   *
   * @throws CheckpointException if the artifact is not on the class path, or is damaged
   * @throws LuminaException with {@link ErrorCode#IO} if the cache cannot be written
   */
  public static Path folder() {
    return folder(CacheFolder.path());
  }

  /** The checkpoint folder, below another {@code cache}; otherwise as {@link #folder()}. */
  public static Path folder(Path cache) {
    // Where a container keeps the library apart from the program, the artifact is with the program.
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new DemoModel(context == null ? DemoModel.class.getClassLoader() : context)
        .unpack(cache.resolve("demo-model"));
  }

  private Path unpack(Path parent) {
    byte[] index = resource(INDEX);
    Path folder = parent.resolve("demo-" + Sha256.of(index).substring(0, VERSION_DIGITS));
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : sums(index).entrySet()) {
        Path target = folder.resolve(file.getKey());
        if (!Files.isRegularFile(target) || !Sha256.of(target).equals(file.getValue())) {
          byte[] content = resource(file.getKey());
          if (!Sha256.of(content).equals(file.getValue())) {
            throw damaged(file.getKey() + " is not what " + INDEX + " says");
          }
          AtomicFile.write(target, out -> out.write(content));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO,
          "cannot unpack the demo model to " + folder + ": " + SafetensorsFile.reason(e),
          e);
    }
  }

  /** Names and hashes. */
  private static Map<String, String> sums(byte[] index) {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : new String(index, StandardCharsets.UTF_8).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw damaged("'" + line + "' is no line of " + INDEX);
      }
      sums.put(matcher.group(2), matcher.group(1));
    }
    return sums;
  }

  private byte[] resource(String name) {
    try (InputStream in = loader.getResourceAsStream(RESOURCES + name)) {
      if (in != null) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the demo model cannot be read: " + name + ": " + e.getMessage(), e);
    }
    if (name.equals(INDEX)) {
      throw new CheckpointException(
          "no demo model on the class path: add " + COORDINATES + ", or name another model");
    }
    throw damaged(name + " is missing");
  }

  private static CheckpointException damaged(String reason) {
    return new CheckpointException("the artifact " + COORDINATES + " is damaged: " + reason);
  }
}

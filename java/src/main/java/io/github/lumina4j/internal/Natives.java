package io.github.lumina4j.internal;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.DeviceException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.ProgressListener;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/** The native library: loading it, and what every call across the border shares. */
public final class Natives {
  private static final String CUDA_EXTENSION = "-gpu"; // of the platform's name, in jars

  private static volatile boolean loaded;

  private Natives() {}

  /** Does the loading once; a failure is remembered and reported again by each caller. */
  private static final class Library {
    // Assigned by load(), so without a value here.
    static String file;
    static final Throwable FAILURE = load();

    private static Throwable load() {
      NativeMemory.configure();
      try {
        NativeCaches.prepare();
        Properties properties = Loader.loadProperties();
        String platform = Loader.getPlatform();
        if (hasCuda()) {
          properties.setProperty("platform.extension", CUDA_EXTENSION);
          platform += CUDA_EXTENSION;
        }
        check(platform);
        file = Loader.load(NativeLumina.class, properties, false);
        loaded = true;
        return null;
      } catch (Throwable failure) { // UnsatisfiedLinkError, NoClassDefFoundError, ...
        return failure;
      }
    }

    /** Finds out what would end the process, or in a riddle, once the library is loaded. */
    private static void check(String platform) throws IOException {
      List<URL> engine =
          NativeCaches.engineLibraries(platform).stream()
              .map(Natives.class::getResource)
              .filter(Objects::nonNull)
              .toList();
      List<String> maps = ProcessMaps.lines();
      String missing = NativeRequirements.missing(platform, !engine.isEmpty(), maps).orElse(null);
      if (missing != null) {
        throw new DeviceException(missing);
      }
      for (String other : NativeRequirements.libtorch(maps)) {
        // That of JavaCPP's presets is the same, whoever has loaded it.
        String name = other.substring(other.lastIndexOf('/') + 1);
        URL own = Natives.class.getResource("/org/bytedeco/pytorch/" + platform + "/" + name);
        File ours = own == null ? null : Loader.cacheResource(own);
        if (ours == null || ours.length() != new File(other).length()) {
          throw new DeviceException(NativeRequirements.clash(other));
        }
      }
      for (URL library : engine) {
        NativeCaches.refresh(library);
      }
    }
  }

  /** Whether the natives for CUDA are on the class path, which then go first. */
  private static boolean hasCuda() {
    return Natives.class.getResource(Loader.getPlatform() + CUDA_EXTENSION + "/liblumina.so")
        != null;
  }

  /**
   * Loads the library if that has not happened yet.
   *
   * @throws DeviceException if it cannot be loaded, with the reason and what to do
   * @throws LuminaException with {@link ErrorCode#IO} if there is no folder to unpack it to
   */
  public static void load() {
    Throwable failure = Library.FAILURE;
    if (failure instanceof LuminaException known) {
      // A new one: the stack is that of this call.
      throw LuminaException.of(known.code(), known.getMessage());
    }
    if (failure != null) {
      throw new DeviceException(
          NativeRequirements.explain(Loader.getPlatform(), hasCuda(), failure), failure);
    }
  }

  /** Whether the library is loaded; loads nothing and waits for nobody who does. */
  static boolean isLoaded() {
    return loaded;
  }

  /** The file that the library was loaded from. */
  public static String file() {
    return EngineThread.once(() -> Library.file);
  }

  /** The engine's version. */
  public static String version() {
    return EngineThread.once(() -> text(NativeLumina.version()));
  }

  /** A call that answers with JSON text. */
  @FunctionalInterface
  interface TextCall {
    void call(NativeText json, NativeStatus status);
  }

  static String json(TextCall call) {
    try (NativeText text = new NativeText();
        NativeStatus status = new NativeStatus()) {
      call.call(text, status);
      check(status);
      return text(text.value());
    }
  }

  /** The devices of this machine as JSON. */
  public static String devices() {
    return EngineThread.once(() -> json(NativeLumina::devices));
  }

  /** What the checkpoint folder (with its image tokenizer) or file holds, as JSON. */
  public static String inspect(Path path, Optional<Path> imageTokenizer) {
    return EngineThread.once(
        () -> {
          try (BytePointer target = utf8(path.toString());
              BytePointer file = utf8(imageTokenizer.map(Path::toString).orElse(""))) {
            return json((json, status) -> NativeLumina.inspect(target, file, json, status));
          }
        });
  }

  /** Writes a checkpoint folder made by formula; {@code options} is JSON. */
  public static void writeRecipe(Path folder, String options) {
    EngineThread.once(
        () -> {
          try (BytePointer target = utf8(folder.toString());
              BytePointer json = utf8(options);
              NativeStatus status = new NativeStatus()) {
            NativeLumina.write_recipe(target, json, status);
            return check(status);
          }
        });
  }

  /** Writes the folder of {@code model} with adapters in its weights; {@code adapters} is JSON. */
  public static void mergeAdapters(Path model, String adapters, Path folder) {
    EngineThread.once(
        () -> {
          try (BytePointer source = utf8(model.toString());
              BytePointer json = utf8(adapters);
              BytePointer target = utf8(folder.toString());
              NativeStatus status = new NativeStatus()) {
            NativeLumina.merge_adapters(source, json, target, status);
            return check(status);
          }
        });
  }

  /**
   * Writes the folder of {@code model} quantised; both {@code listener} and {@code cancellation}
   * may be null.
   */
  public static void quantize(
      Path model,
      String format,
      Path folder,
      ProgressListener listener,
      CancellationToken cancellation) {
    EngineThread.once(
        call -> {
          try (BytePointer source = utf8(model.toString());
              BytePointer name = utf8(format);
              BytePointer target = utf8(folder.toString());
              ObserverBridge observer = ObserverBridge.of(call, listener, null);
              NativeStatus status = new NativeStatus()) {
            NativeLumina.quantize(source, name, target, observer, call.flag(), status);
            return check(status);
          }
        },
        cancellation);
  }

  /** Runs a benchmark; both {@code listener} and {@code cancellation} may be null. */
  public static String bench(
      String options, ProgressListener listener, CancellationToken cancellation) {
    return EngineThread.once(
        call -> {
          try (BytePointer json = utf8(options);
              ObserverBridge observer = ObserverBridge.of(call, listener, null);
              NativeText report = new NativeText();
              NativeStatus status = new NativeStatus()) {
            NativeLumina.bench(json, observer, call.flag(), report, status);
            check(status);
            return text(report.value());
          }
        },
        cancellation);
  }

  /** Throws the exception that belongs to a failed status; null otherwise. */
  static Void check(NativeStatus status) {
    if (status.code() != 0) {
      throw LuminaException.of(ErrorCode.of(status.code()), text(status.message()));
    }
    return null;
  }

  static String text(BytePointer utf8) {
    return utf8 == null || utf8.isNull() ? null : utf8.getString(StandardCharsets.UTF_8);
  }

  /** UTF-8 whatever the locale says; JavaCPP's own conversion would follow the default charset. */
  static BytePointer utf8(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }
}

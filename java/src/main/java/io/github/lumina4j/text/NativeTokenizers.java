package io.github.lumina4j.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Utils;
import io.github.lumina4j.DeviceException;
import io.github.lumina4j.internal.NativeCaches;

/**
 * Loads the native library inside the tokenizers jar, and keeps it from the network.
 *
 * <p>Left alone, the library looks for a GPU build to download where it sees one, and reports its
 * use on some cloud machines. The settings below stop both. Settings that the user made, as
 * environment variable or system property, are left as they are.
 */
final class NativeTokenizers {
  // Which build of the native library to use; only the one for the CPU is inside the jar.
  private static final String FLAVOR = "RUST_FLAVOR";
  // Whether to stay silent about being used; looked at each time a tokenizer is made, so it stays.
  private static final String NO_TRACKING = "OPT_OUT_TRACKING";

  private NativeTokenizers() {}

  /**
   * Loads the library on the first call.
   *
   * @throws DeviceException if it cannot be unpacked or loaded
   */
  static synchronized void load() {
    NativeCaches.prepare();
    if (!isSet(NO_TRACKING)) {
      System.setProperty(NO_TRACKING, "true");
    }
    boolean choose = !isSet(FLAVOR);
    if (choose) {
      System.setProperty(FLAVOR, "cpu");
    }
    // The library searches its own jar through the thread's class loader, which on a thread of an
    // executor may not know that jar.
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(NativeTokenizers.class.getClassLoader());
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      String text = String.valueOf(reason.getMessage());
      if (text.contains("already loaded in another classloader")) {
        throw new DeviceException(
            TokenizerFile.firstLine(text) + ": " + NativeCaches.SECOND_LOADER, e);
      }
      throw new DeviceException(
          "the native library of the tokenizer cannot be loaded: "
              + TokenizerFile.firstLine(text)
              + " (it is unpacked into "
              + Utils.getEngineCacheDir("tokenizers")
              + "; DJL_CACHE_DIR chooses another folder)",
          e);
    } finally {
      thread.setContextClassLoader(before);
      if (choose) {
        System.clearProperty(FLAVOR);
      }
    }
  }

  private static boolean isSet(String name) {
    return System.getenv(name) != null || System.getProperty(name) != null;
  }
}

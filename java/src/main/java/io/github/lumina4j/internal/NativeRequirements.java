package io.github.lumina4j.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a machine or a process must have for the natives, and one line on what it lacks. */
final class NativeRequirements {
  private static final String SUPPORTED = "linux-x86_64";
  private static final String NEEDED =
      "lumina4j needs Linux on x86-64 with glibc 2.35 or newer (Debian 12, Ubuntu 22.04, RHEL 10)";

  // Of libraries with one of these names, a process has one: the first serves everybody.
  private static final Pattern LIBTORCH =
      Pattern.compile("/lib(?:c10|torch|torch_cpu)\\.so[.\\d]*$");
  private static final Pattern VERSION =
      Pattern.compile("version `((?:GLIBC|GLIBCXX|CXXABI)_[\\d.]+)' not found");

  private NativeRequirements() {}

  /**
   * Why natives cannot work here, if that can be known before they are loaded.
   *
   * @param platform as JavaCPP calls it
   * @param packaged whether natives for it are on the class path
   * @param maps lines of /proc/self/maps
   */
  static Optional<String> missing(String platform, boolean packaged, List<String> maps) {
    if (!platform.equals(SUPPORTED) && !packaged) {
      return Optional.of(NEEDED + "; this is " + platform);
    }
    if (maps.stream().anyMatch(line -> line.contains("/ld-musl-"))) {
      return Optional.of(NEEDED + "; this Java runs on musl (Alpine)");
    }
    if (!packaged) {
      return Optional.of(
          "lumina4j with the classifier " + platform + " is missing on the class path");
    }
    return Optional.empty();
  }

  /** Files of libtorch that are mapped into this process. */
  static List<String> libtorch(List<String> maps) {
    return maps.stream()
        .filter(line -> line.contains("/"))
        .map(line -> line.substring(line.indexOf('/')))
        .filter(path -> LIBTORCH.matcher(path).find())
        .distinct()
        .toList();
  }

  /** What to say about another libtorch that was there first. */
  static String clash(String other) {
    return "another libtorch is loaded in this process already ("
        + other
        + ", DJL's PyTorch engine?), and a process can have only one; use lumina4j in a process of"
        + " its own";
  }

  /** One line on a failure to load, which names the cause where it is known. */
  static String explain(String platform, boolean cuda, Throwable failure) {
    Throwable root = failure; // JavaCPP looks in several places and tells the last
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage());
    Matcher version = VERSION.matcher(text);
    if (version.find()) {
      String what = version.group(1).startsWith("GLIBC_") ? "glibc" : "libstdc++";
      return NEEDED + "; the " + what + " of this system is older: it lacks " + version.group(1);
    }
    String reason = text.lines().findFirst().orElse("");
    if (text.contains("already loaded in another classloader")) {
      return reason + ": " + NativeCaches.SECOND_LOADER;
    }
    return "the native library cannot be loaded on "
        + platform
        + (cuda
            ? " (are the libraries of CUDA 13 installed? without them use the jars that have no"
                + " -gpu in their classifiers): "
            : ": ")
        + reason;
  }
}

package io.github.lumina4j.cli;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.DeviceInfo;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.NativeLibrary;
import io.github.lumina4j.model.CacheFolder;
import io.github.lumina4j.model.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** {@code lumina doctor}: what this machine has, and what of it stands in the way. */
@CommandLine.Command(
    name = "doctor",
    header = "Say what is installed, what works here, and what would be slow.",
    description =
        "Ends with exit code 4 if the native library cannot be loaded; what it tells of as slow is"
            + " no failure.",
    abbreviateSynopsis = true,
    footer = {"", "Example:", "  lumina doctor --json"})
final class DoctorCommand extends Command {
  // Decoding a picture of 768x768 takes 2.5 GB, and weights want to stay in memory.
  private static final long LITTLE_MEMORY = 4L << 30;
  private static final long LITTLE_DISK = 2L << 30;

  private record Java(String version, String vendor, long maxHeapBytes) {}

  private record Native(String version, String file, String libtorchVersion, String libtorch) {}

  private record Cache(String folder, boolean writable, long freeBytes) {}

  private record Model(String name, String folder, String problem) {}

  /** {@code error}: why the native library cannot be used; null if it can. */
  private record Report(
      String version,
      Java java,
      Native nativeLibrary,
      String error,
      List<DeviceInfo> devices,
      Cache cache,
      Model model,
      List<String> slow) {}

  DoctorCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    LuminaException failure = null;
    Native library = null;
    List<DeviceInfo> devices = List.of();
    try {
      NativeLibrary loaded = backend().nativeLibrary();
      library =
          new Native(
              loaded.version(), loaded.file(), Version.PYTORCH, loaded.libtorch().orElse(null));
      devices = backend().devices();
    } catch (LuminaException e) { // no library, or no folder to unpack it to
      failure = e;
    }
    Cache cache = cache();
    Report report =
        new Report(
            Version.NUMBER,
            new Java(
                Runtime.version().toString(),
                System.getProperty("java.vendor"),
                Runtime.getRuntime().maxMemory()),
            library,
            failure == null ? null : Failures.oneLine(failure.getMessage()),
            devices,
            cache,
            model(),
            slow(devices, cache));
    if (report().json()) {
      json(report, failure);
    } else {
      print(report);
    }
    out().flush();
    if (failure != null) {
      throw failure;
    }
  }

  private Cache cache() {
    Path folder = CacheFolder.of(environment().variables()).toAbsolutePath();
    // It need not exist yet: it will be made below what does.
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    long free = 0;
    try {
      free = Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      // Shown as no space.
    }
    return new Cache(folder.toString(), Files.isDirectory(there) && Files.isWritable(there), free);
  }

  /** What commands draw with that are told no model. */
  private Model model() {
    String named = environment().variable(Models.VARIABLE);
    String name = named.isBlank() ? Models.DEMO : named;
    try {
      if (RecipeModels.preset(name).isPresent()) {
        return new Model(name, null, null); // made when first used
      }
      Path folder = new Models(environment(), text -> {}).path(name);
      if (new CheckpointFolder(folder).imageTokenizer().isEmpty()) {
        throw new CheckpointException(folder + ": no image tokenizer in it");
      }
      return new Model(name, folder.toString(), null);
    } catch (LuminaException | IllegalArgumentException e) {
      return new Model(name, null, Failures.oneLine(e.getMessage()));
    }
  }

  private List<String> slow(List<DeviceInfo> devices, Cache cache) {
    List<String> slow = new ArrayList<>();
    if (devices.stream().noneMatch(d -> d.usable() && !d.name().equals("cpu"))) {
      slow.add("no GPU in use: a picture of a large model takes many minutes");
    }
    for (DeviceInfo device : devices) {
      if (!device.name().equals("cpu")) {
        continue;
      }
      // As the engine calls them: avx512f, avx512_bf16, ...
      List<String> sets = device.instructionSets();
      if (sets.stream().noneMatch(set -> set.startsWith("avx512"))) {
        slow.add(
            "no AVX-512: the general kernels of libtorch take the place of this program's own");
      }
      if (device.cores() == 1) {
        slow.add("one thread only");
      }
      if (device.availableBytes() > 0 && device.availableBytes() < LITTLE_MEMORY) {
        slow.add(
            "only "
                + Units.bytes(device.availableBytes())
                + " of memory available: weights that do not fit are read from disk again and"
                + " again");
      }
    }
    if (environment().variable("GOMP_SPINCOUNT").isEmpty()
        && environment().variable("OMP_WAIT_POLICY").isEmpty()) {
      slow.add(
          "GOMP_SPINCOUNT is not set: threads spin while they wait, at the cost of other programs");
    }
    if (cache.freeBytes() < LITTLE_DISK) {
      slow.add("only " + Units.bytes(cache.freeBytes()) + " free for the cache");
    }
    return slow;
  }

  private void print(Report report) {
    Table table = new Table("ll");
    table.row("lumina", report.version());
    table.row(
        "java",
        report.java().version()
            + (" (" + report.java().vendor() + "), heap up to ")
            + Units.bytes(report.java().maxHeapBytes()));
    Native library = report.nativeLibrary();
    if (library == null) {
      table.row("native library", "cannot be used: " + report.error());
    } else {
      table.row("native library", library.version() + ", " + library.file());
      table.row(
          "libtorch",
          library.libtorchVersion()
              + (library.libtorch() == null ? "" : ", " + library.libtorch()));
    }
    for (DeviceInfo device : report.devices()) {
      table.row(device.name(), words(device));
    }
    Cache cache = report.cache();
    table.row(
        "cache",
        cache.folder()
            + (", " + Units.bytes(cache.freeBytes()) + " free")
            + (cache.writable() ? "" : ", not writable"));
    Model model = report.model();
    table.row(
        "model",
        model.problem() != null
            ? model.name() + ", not usable: " + model.problem()
            : model.folder() == null || model.folder().equals(model.name())
                ? model.name()
                : model.name() + ", " + model.folder());
    report.slow().forEach(line -> table.row("slow", line));
    table.print(out(), "");
  }

  private static String words(DeviceInfo device) {
    List<String> words = new ArrayList<>();
    if (!device.description().isEmpty()) {
      words.add(device.description());
    }
    if (device.cores() > 0) {
      String note = device.coresNote().isEmpty() ? "" : " (" + device.coresNote() + ")";
      words.add(device.cores() + (device.cores() == 1 ? " thread" : " threads") + note);
    }
    words.addAll(device.instructionSets());
    if (device.memoryBytes() > 0) {
      words.add(
          Units.bytes(device.memoryBytes())
              + " memory, "
              + Units.bytes(device.availableBytes())
              + " available");
    }
    if (!device.usable()) {
      words.add(
          "not usable"
              + (device.note() == null || device.note().isEmpty() ? "" : ": " + device.note()));
    }
    return String.join(", ", words);
  }
}

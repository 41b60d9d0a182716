package io.github.lumina4j.cli;

import io.github.lumina4j.Adapter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An adapter as records keep it.
 *
 * @param name last name of its folder or file; of a file with the name that all adapters have, that
 *     of the folder around it
 */
record UsedAdapter(String name, double scale) {
  private static final List<String> COMMON_NAMES =
      List.of("adapter_model.safetensors", "adapter_model.bin");

  static List<UsedAdapter> all(List<Adapter> adapters) {
    return adapters.stream().map(UsedAdapter::of).toList();
  }

  private static UsedAdapter of(Adapter adapter) {
    Path path = adapter.path().toAbsolutePath().normalize();
    boolean common = COMMON_NAMES.stream().anyMatch(path::endsWith) && path.getNameCount() > 1;
    return new UsedAdapter(
        RequestRecord.lastName(common ? path.getParent() : path), adapter.scale());
  }

  /** For people, as after {@code --lora}. */
  static String text(List<UsedAdapter> adapters) {
    return adapters.stream()
        .map(adapter -> adapter.name() + ":" + adapter.scale())
        .collect(Collectors.joining(", "));
  }
}

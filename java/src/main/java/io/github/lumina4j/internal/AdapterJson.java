package io.github.lumina4j.internal;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.model.OtherModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Adapters as the engine reads them. */
public final class AdapterJson {
  private record Entry(String path, double scale) {}

  private AdapterJson() {}

  /**
   * The list as JSON.
   *
   * @throws CheckpointException if the path of one does not exist; the engine, which looks for the
   *     files of an adapter, would name one of those instead
   */
  public static String of(List<Adapter> adapters) {
    return Json.write(adapters.stream().map(AdapterJson::entry).toList());
  }

  private static Entry entry(Adapter adapter) {
    Path path = adapter.path();
    if (!Files.exists(path)) {
      throw new CheckpointException(path + ": no such file or folder");
    }
    OtherModels.refuseAdapter(path);
    return new Entry(path.toString(), adapter.scale());
  }
}

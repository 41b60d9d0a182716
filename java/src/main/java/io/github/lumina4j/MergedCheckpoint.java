package io.github.lumina4j;

import io.github.lumina4j.internal.AdapterJson;
import io.github.lumina4j.internal.Natives;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Checkpoint folders with LoRA adapters in their weights: they draw what the model draws with these
 * adapters in its {@link PipelineOptions}, and need no adapter any more.
 */
public final class MergedCheckpoint {
  private MergedCheckpoint() {}

  /**
   * Writes the folder, to the side first; an existing folder with anything in it is refused.
   * Weights are summed in fp32 and keep the number format they are stored in. Other files of the
   * model's folder are copied, its subfolders are not.
   *
   * @param folder the folder to write
   * @param model the checkpoint folder to start from
   * @param adapters one or more; they add up
   * @throws IllegalArgumentException if there is no adapter
   * @throws CheckpointException if the model or an adapter is missing, damaged or does not fit
   * @throws LuminaException {@link ErrorCode#INVALID_ARGUMENT} if {@code folder} is not empty,
   *     {@link ErrorCode#IO} if it cannot be written
   */
  public static void write(Path folder, Path model, List<Adapter> adapters) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(adapters, "adapters");
    if (adapters.isEmpty()) {
      throw new IllegalArgumentException("there is no adapter to merge");
    }
    Natives.mergeAdapters(model, AdapterJson.of(adapters), folder);
  }
}

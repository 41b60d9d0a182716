package io.github.lumina4j;

import io.github.lumina4j.internal.Natives;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Checkpoint folders whose matrices are quantised: they draw what the model draws with this {@link
 * Quantization} in its {@link PipelineOptions}, are smaller, and load faster.
 */
public final class QuantizedCheckpoint {
  private QuantizedCheckpoint() {}

  /**
   * Writes the folder, to the side first; an existing folder with anything in it is refused. Never
   * more than a small part of the model is in memory. Other files of the model's folder are copied,
   * its subfolders are not.
   *
   * @param folder the folder to write
   * @param model the checkpoint folder to start from, not quantised itself
   * @param listener hears how much is done, as tokens of tokens; may be null
   * @param cancellation may be null
   * @throws CheckpointException if the model is missing, damaged or holds what is not a number
   * @throws GenerationCancelledException if it was cancelled or this thread interrupted; nothing is
   *     left behind
   * @throws LuminaException {@link ErrorCode#INVALID_ARGUMENT} if the quantisation is unknown, the
   *     model is quantised or {@code folder} is not empty, {@link ErrorCode#IO} if it cannot be
   *     written
   */
  public static void write(
      Path folder,
      Path model,
      Quantization quantization,
      ProgressListener listener,
      CancellationToken cancellation) {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(quantization, "quantization");
    Natives.quantize(model, quantization.name(), folder, listener, cancellation);
  }
}

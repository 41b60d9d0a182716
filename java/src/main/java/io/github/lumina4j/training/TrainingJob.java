package io.github.lumina4j.training;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutOfMemoryException;
import java.nio.file.Path;

/** Something to train; a value, so that equal jobs mean the same run. */
public sealed interface TrainingJob permits Finetuning, TokenizerTraining {
  /** The run's folder. */
  Path output();

  /** How long, how fast, how often to save. */
  TrainingOptions options();

  /**
   * Trains on this thread until the end, the time limit or a cancellation. A folder that holds an
   * unfinished run of the same job continues from its newest checkpoint, with the result of an
   * unbroken run; only threads, how often to save and to validate, and the time limit may differ.
   *
   * @param listener hears about every update; may be null
   * @param cancellation stops within one update, which is then saved as a checkpoint; may be null
   * @throws GenerationCancelledException if stopped
   * @throws CheckpointException if a model or a file of records is missing, damaged or of another
   *     kind
   * @throws OutOfMemoryException if memory does not suffice
   * @throws LuminaException {@link io.github.lumina4j.ErrorCode#INVALID_ARGUMENT} if the folder
   *     holds something else or a run of another job, or the data do not fit the options; {@link
   *     io.github.lumina4j.ErrorCode#NUMERICAL} if the loss is no longer finite; {@link
   *     io.github.lumina4j.ErrorCode#IO} if a file cannot be written
   */
  TrainingResult run(TrainingListener listener, CancellationToken cancellation);
}

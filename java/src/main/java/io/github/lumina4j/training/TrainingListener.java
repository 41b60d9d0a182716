package io.github.lumina4j.training;

/** Hears about training while it runs. */
@FunctionalInterface
public interface TrainingListener {
  /**
   * Called after every update on the thread that called {@code run}, which waits meanwhile, so be
   * quick. An exception thrown here stops the run after writing a checkpoint and comes out of
   * {@code run} unchanged.
   */
  void onUpdate(TrainingProgress progress);
}

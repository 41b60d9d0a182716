package io.github.lumina4j.demo;

/**
 * The training data of a demo model: an endless sequence of samples. A sample is a function of what
 * the source was made with and of its index alone, so that any number of workers can draw any part
 * of it, in any order, and a restart goes on where it stopped. Immutable.
 */
@FunctionalInterface
public interface SampleSource {
  /** The sample of that index; any index is fine. */
  TrainingSample sample(long index);
}

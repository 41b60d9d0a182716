package io.github.lumina4j.training;

import java.nio.file.Path;

/**
 * How a call of {@code run} ended.
 *
 * @param model folder of the final model, or of the newest checkpoint if not {@code finished}
 * @param firstStep updates that were done before this call
 * @param steps updates done in all
 * @param finished whether training is at its end; false: the time limit came first
 * @param loss of the last update; 0 if this call had none to do
 */
public record TrainingResult(
    Path model, long firstStep, long steps, boolean finished, double loss) {}

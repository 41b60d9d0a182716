package io.github.lumina4j.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One update.
 *
 * @param step updates done, of this run and those it resumes, from 1
 * @param steps updates in all
 * @param loss of this update, mean over its batches
 * @param learningRate of this update
 * @param gradientNorm Euclidean norm of all gradients together, before clipping
 * @param seconds since this call began
 * @param metrics the parts of the loss by name; after some updates also validation, its names
 *     beginning with {@code validation_}
 */
public record TrainingProgress(
    long step,
    long steps,
    double loss,
    double learningRate,
    double gradientNorm,
    double seconds,
    Map<String, Double> metrics) {
  public TrainingProgress {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}

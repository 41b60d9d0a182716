package io.github.lumina4j.demo;

import io.github.lumina4j.RgbImage;
import java.util.List;
import java.util.Objects;

/**
 * One example of a task: the words of its request, and the picture that answers it.
 *
 * @param task the name of a built-in task, see {@link io.github.lumina4j.Tasks}
 * @param prompt empty for dense prediction
 * @param description of the given picture; null unless the task is {@code subject}
 * @param panels the picture, or the upper and the lower panel; each square, all of a world of one
 *     size
 */
public record TrainingSample(
    String task, String prompt, String description, List<RgbImage> panels) {
  public TrainingSample {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(prompt, "prompt");
    panels = List.copyOf(panels);
  }
}

package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.BookEditChain;
import io.github.lumina4j.demo.book.BookScene;
import java.util.List;
import java.util.Objects;

/**
 * One question of the book's evaluation. To answer it, run the task with the first prompt; where
 * there are more, run it again with the next prompt and the last answer as the given picture.
 *
 * @param group the row of the report it counts for, such as {@code color_attr} or {@code edit}
 * @param task the name of a built-in task
 * @param prompts one, or two for an edit in two steps; empty text for dense prediction
 * @param description of the given picture; null unless the task is {@code subject}
 * @param given the picture or map to start from, of the size of the book; null if none
 * @param seed for sampling, not negative
 * @param heldOut whether what it asks for does not occur in training, see {@link
 *     io.github.lumina4j.demo.Split}
 * @param truth what to check the answer with
 */
public record BookEvaluationItem(
    String group,
    String task,
    List<String> prompts,
    String description,
    RgbImage given,
    long seed,
    boolean heldOut,
    Truth truth) {

  public BookEvaluationItem {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(truth, "truth");
    prompts = List.copyOf(prompts);
  }

  /** What is known about the right answer. */
  public sealed interface Truth {
    /** The picture shows what the caption says. */
    record Words(BookCaption caption) implements Truth {}

    /** The picture shows the place of the caption, by day or by night as it says. */
    record Where(BookCaption caption) implements Truth {}

    /** The picture shows what the caption says, and the map below is the map of that picture. */
    record Pair(BookCaption caption, MapKind kind) implements Truth {}

    /** The picture shows what the caption says, and its map is the given one, of that scene. */
    record Controlled(BookCaption caption, BookScene scene, MapKind kind) implements Truth {}

    /** The answer is that map of the scene. */
    record Dense(BookScene scene, MapKind kind) implements Truth {}

    /** The picture is the scene of the chain after its edits. */
    record Edited(BookEditChain chain) implements Truth {}
  }
}

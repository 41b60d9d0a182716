package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The check of one answer.
 *
 * @param verdict of the words: what the picture should show; passed for dense prediction, which has
 *     none, if the map can be compared
 * @param made of edits: whether the changes are made, whatever became of the rest; none of others
 * @param score of the map, see {@link MapScores#of}, or the decibels of what an edit left alone;
 *     none if the task has no such score, or the picture shows no scene whose map could be drawn
 */
public record ItemCheck(Verdict verdict, Optional<Boolean> made, OptionalDouble score) {

  private ItemCheck(Verdict verdict, OptionalDouble score) {
    this(verdict, Optional.empty(), score);
  }

  /**
   * Checks the answer to a question.
   *
   * @param panels the answer: the picture; for {@code pair-} tasks the picture and its map; for all
   *     other tasks with two panels just the lower one, after the last prompt
   * @throws IllegalArgumentException if there are not as many, or one has not the size of the
   *     canvas
   */
  public static ItemCheck of(EvaluationItem item, List<RgbImage> panels) {
    int expected = item.truth() instanceof Truth.Pair ? 2 : 1;
    if (panels.size() != expected) {
      throw new IllegalArgumentException(
          "an answer to " + item.task() + " of " + panels.size() + " panels, not " + expected);
    }
    RgbImage picture = panels.get(0);
    if (item.truth() instanceof Truth.Words words) {
      return new ItemCheck(
          CaptionCheck.check(words.caption(), SceneReader.read(picture)), OptionalDouble.empty());
    }
    if (item.truth() instanceof Truth.Pair pair) {
      ItemCheck check = withMap(pair.caption(), pair.kind(), picture, panels.get(1));
      // An empty picture and its empty map fit each other, which says nothing.
      boolean empty = SceneReader.read(picture).objects().isEmpty();
      return empty ? new ItemCheck(check.verdict(), OptionalDouble.empty()) : check;
    }
    if (item.truth() instanceof Truth.Controlled controlled) {
      return withMap(controlled.caption(), controlled.kind(), picture, item.given());
    }
    if (item.truth() instanceof Truth.Dense dense) {
      RgbImage truth = SceneRenderer.map(dense.kind(), dense.scene());
      return new ItemCheck(
          Verdict.PASSED, OptionalDouble.of(MapScores.of(dense.kind(), picture, truth)));
    }
    Truth.Edited edited = (Truth.Edited) item.truth();
    EditCheck check = EditCheck.of(edited.chain(), item.given(), picture);
    return new ItemCheck(
        check.verdict(), Optional.of(check.made()), OptionalDouble.of(check.unchangedPsnr()));
  }

  /** The caption, and how well a map fits the scene that the picture shows. */
  private static ItemCheck withMap(Caption caption, MapKind kind, RgbImage picture, RgbImage map) {
    SeenScene seen = SceneReader.read(picture);
    Verdict verdict = CaptionCheck.check(caption, seen);
    Optional<Scene> scene = seen.snapped();
    if (scene.isEmpty()) {
      return new ItemCheck(verdict, OptionalDouble.empty());
    }
    RgbImage truth = SceneRenderer.map(kind, scene.get());
    return new ItemCheck(verdict, OptionalDouble.of(MapScores.of(kind, map, truth)));
  }
}

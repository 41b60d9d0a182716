package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.check.BookEvaluationItem.Truth;
import io.github.lumina4j.demo.check.MapScores;
import io.github.lumina4j.demo.check.Verdict;
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
 *     none if the task has no such score, the picture shows nothing whose map could be drawn, or an
 *     edit changes all of it
 */
public record BookItemCheck(Verdict verdict, Optional<Boolean> made, OptionalDouble score) {

  private BookItemCheck(Verdict verdict, OptionalDouble score) {
    this(verdict, Optional.empty(), score);
  }

  /**
   * Checks the answer to a question.
   *
   * @param panels the answer: the picture; for {@code pair-} tasks the picture and its map; for all
   *     other tasks with two panels just the lower one, after the last prompt
   * @throws IllegalArgumentException if there are not as many, or one has not the size of the book
   */
  public static BookItemCheck of(BookEvaluationItem item, List<RgbImage> panels) {
    int expected = item.truth() instanceof Truth.Pair ? 2 : 1;
    if (panels.size() != expected) {
      throw new IllegalArgumentException(
          "an answer to " + item.task() + " of " + panels.size() + " panels, not " + expected);
    }
    panels.forEach(BookReader::checkSize);
    RgbImage picture = panels.get(0);
    if (item.truth() instanceof Truth.Words words) {
      return new BookItemCheck(
          BookCaptionCheck.check(words.caption(), BookReader.read(picture)),
          OptionalDouble.empty());
    }
    if (item.truth() instanceof Truth.Where where) {
      return new BookItemCheck(
          BookCaptionCheck.where(where.caption(), BookReader.read(picture)),
          OptionalDouble.empty());
    }
    if (item.truth() instanceof Truth.Pair pair) {
      return withMap(pair.caption(), pair.kind(), picture, panels.get(1));
    }
    if (item.truth() instanceof Truth.Controlled controlled) {
      return withMap(controlled.caption(), controlled.kind(), picture, item.given());
    }
    if (item.truth() instanceof Truth.Dense dense) {
      RgbImage truth = BookRenderer.map(dense.kind(), dense.scene());
      return new BookItemCheck(
          Verdict.PASSED, OptionalDouble.of(score(dense.kind(), picture, truth)));
    }
    Truth.Edited edited = (Truth.Edited) item.truth();
    BookEditCheck check = BookEditCheck.of(edited.chain(), item.given(), picture);
    double kept = check.unchangedPsnr();
    return new BookItemCheck(
        check.verdict(),
        Optional.of(check.made()),
        Double.isNaN(kept) ? OptionalDouble.empty() : OptionalDouble.of(kept));
  }

  private static double score(MapKind kind, RgbImage map, RgbImage truth) {
    return MapScores.of(kind, map, truth, BookRenderer.segmentationColors());
  }

  /** The caption, and how well a map fits the scene that the picture shows. */
  private static BookItemCheck withMap(
      BookCaption caption, MapKind kind, RgbImage picture, RgbImage map) {
    SeenBookScene seen = BookReader.read(picture);
    Verdict verdict = BookCaptionCheck.check(caption, seen);
    // Nothing at all and its empty map fit each other, which says nothing.
    return new BookItemCheck(
        verdict,
        seen.things().isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(score(kind, map, BookRenderer.map(kind, seen.scene()))));
  }
}

package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.PlacedThing;
import io.github.lumina4j.demo.book.ThingPhrase;
import io.github.lumina4j.demo.check.Verdict;
import java.util.List;

/** Whether a picture of the book shows what a caption says. */
public final class BookCaptionCheck {
  private BookCaptionCheck() {}

  /**
   * By the rules of GenEval: every thing that is named is there, in the colour and size that are
   * named; when counting, there are exactly as many; the relation holds. Other things may be there
   * too. The place must be right where it is named, and it is night just where the caption says so.
   */
  public static Verdict check(BookCaption caption, SeenBookScene seen) {
    for (ThingPhrase phrase : caption.things()) {
      long there = seen.matching(phrase).size();
      long ofThing =
          seen.things().stream()
              .filter(thing -> thing.thing().name().thing().equals(phrase.thing()))
              .count();
      boolean exactly = caption.category() == Category.COUNTING;
      if (there < phrase.count() || exactly && ofThing != phrase.count()) {
        return Verdict.failed(
            "%d of %d: %s".formatted(exactly ? ofThing : there, phrase.count(), phrase.text()));
      }
    }
    Verdict where = where(caption, seen);
    return !where.passed() || caption.relation() == null ? where : related(caption, seen);
  }

  /** Just the place, where it is named, and whether it is night. */
  static Verdict where(BookCaption caption, SeenBookScene seen) {
    if (caption.place() != null && caption.place() != seen.place()) {
      return Verdict.failed("it is " + seen.place().words().get(0));
    }
    if (caption.night() != seen.night()) {
      return Verdict.failed(seen.night() ? "it is night" : "it is day");
    }
    return Verdict.PASSED;
  }

  /** As {@link #check}, and nothing else may be there, as in all scenes that are learned from. */
  public static Verdict checkExactly(BookCaption caption, SeenBookScene seen) {
    Verdict verdict = check(caption, seen);
    if (!verdict.passed()) {
      return verdict;
    }
    int named = caption.things().stream().mapToInt(ThingPhrase::count).sum();
    if (seen.things().size() != named) {
      return Verdict.failed(seen.things().size() + " things in the picture, not " + named);
    }
    return seen.unknown() == 0
        ? Verdict.PASSED
        : Verdict.failed(seen.unknown() + " cells of something unknown");
  }

  private static Verdict related(BookCaption caption, SeenBookScene seen) {
    List<PlacedThing> first = seen.matching(caption.things().get(0));
    List<PlacedThing> second = seen.matching(caption.things().get(1));
    boolean holds =
        first.stream().anyMatch(a -> second.stream().anyMatch(b -> caption.relation().holds(a, b)));
    return holds
        ? Verdict.PASSED
        : Verdict.failed(
            "the %s is not %s the %s"
                .formatted(
                    caption.things().get(0).thing(),
                    caption.relation().words().get(0),
                    caption.things().get(1).thing()));
  }
}

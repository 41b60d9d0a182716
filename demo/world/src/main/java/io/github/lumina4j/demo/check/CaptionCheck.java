package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectPhrase;
import io.github.lumina4j.demo.Relation;
import java.util.List;

/** Whether a picture shows what a caption says. */
public final class CaptionCheck {
  // GenEval's: how far, in parts of both sides, centres may differ and count as level; and how much
  // of the whole offset must lie in the direction.
  private static final double LEVEL = 0.1;
  private static final double DIRECTION = 0.5;

  private CaptionCheck() {}

  /**
   * By the rules of GenEval: every object that is named is there, in the colour that is named; when
   * counting, there are exactly as many; the relation holds between the centres. Other things may
   * be there too. Sizes and backgrounds must be right where the caption names them.
   */
  public static Verdict check(Caption caption, SeenScene seen) {
    for (ObjectPhrase phrase : caption.objects()) {
      Verdict verdict = present(phrase, caption.category() == Category.COUNTING, seen);
      if (!verdict.passed()) {
        return verdict;
      }
    }
    if (caption.background() != null && caption.background() != seen.background()) {
      return Verdict.failed(
          "the background is " + seen.background().word() + ", not " + caption.background().word());
    }
    return caption.relation() == null ? Verdict.PASSED : related(caption, seen);
  }

  /** As {@link #check}, and nothing else may be there, as in all scenes that are learned from. */
  public static Verdict checkExactly(Caption caption, SeenScene seen) {
    Verdict verdict = check(caption, seen);
    if (!verdict.passed()) {
      return verdict;
    }
    int named = caption.objects().stream().mapToInt(ObjectPhrase::count).sum();
    int there = seen.objects().size() + seen.unknown();
    return there == named
        ? Verdict.PASSED
        : Verdict.failed(there + " things in the picture, not " + named);
  }

  /** Whether {@code a} lies like that from {@code b}, as GenEval decides it. */
  static boolean holds(SeenObject a, Relation relation, SeenObject b) {
    double right = a.centerX() - b.centerX();
    double down = a.centerY() - b.centerY();
    double level = LEVEL * (a.size().pixels() + b.size().pixels());
    double along =
        relation.dx() != 0
            ? relation.dx() * beyond(right, level)
            : relation.dy() * beyond(down, level);
    return along > DIRECTION * Math.hypot(right, down);
  }

  private static double beyond(double offset, double level) {
    return Math.signum(offset) * Math.max(0, Math.abs(offset) - level);
  }

  private static Verdict present(ObjectPhrase phrase, boolean exactly, SeenScene seen) {
    // An exact count is of all objects of the shape, whatever their colour.
    List<SeenObject> ofShape =
        seen.objects().stream().filter(o -> o.shape() == phrase.shape()).toList();
    long matching = matching(phrase, seen).size();
    if (exactly && ofShape.size() != phrase.count()) {
      return Verdict.failed(
          "%d %s, not %d".formatted(ofShape.size(), noun(phrase, ofShape.size()), phrase.count()));
    }
    if (matching >= phrase.count()) {
      return Verdict.PASSED;
    }
    if (ofShape.size() < phrase.count()) {
      return Verdict.failed(
          ofShape.isEmpty()
              ? "no " + phrase.shape().word()
              : "only %d %s".formatted(ofShape.size(), noun(phrase, ofShape.size())));
    }
    SeenObject other =
        ofShape.stream()
            .filter(o -> !phrase.matches(o.shape(), o.color(), o.size()))
            .findFirst()
            .orElseThrow();
    return Verdict.failed(
        "the %s is %s and %s, not %s"
            .formatted(
                phrase.shape().word(), other.size().word(), other.color().word(), phrase.text()));
  }

  private static Verdict related(Caption caption, SeenScene seen) {
    ObjectPhrase a = caption.objects().get(0);
    ObjectPhrase b = caption.objects().get(1);
    // The best match of each, as GenEval takes the most certain detection.
    boolean holds = holds(matching(a, seen).get(0), caption.relation(), matching(b, seen).get(0));
    return holds
        ? Verdict.PASSED
        : Verdict.failed(
            "the %s is not %s the %s"
                .formatted(a.shape().word(), caption.relation().words(), b.shape().word()));
  }

  private static List<SeenObject> matching(ObjectPhrase phrase, SeenScene seen) {
    return seen.objects().stream()
        .filter(o -> phrase.matches(o.shape(), o.color(), o.size()))
        .toList();
  }

  private static String noun(ObjectPhrase phrase, int count) {
    return count == 1 ? phrase.shape().word() : phrase.shape().plural();
  }
}

package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.ObjectPhrase;
import io.github.lumina4j.demo.Relation;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.Shape;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The prompts of the categories of GenEval: all there are, in random order. */
final class Prompts {
  /** In GenEval's order. */
  static final List<Category> GENEVAL =
      List.of(
          Category.SINGLE_OBJECT,
          Category.TWO_OBJECT,
          Category.COUNTING,
          Category.COLORS,
          Category.POSITION,
          Category.COLOR_ATTR);

  private Prompts() {}

  /**
   * That many captions of the category; all come equally often, except for the remainder. Those of
   * {@link Category#COLOR_ATTR} are held-out contents only.
   */
  static List<Caption> of(Category category, int number, SplitMix random) {
    return cycled(all(category), number, random);
  }

  /** Captions of a relation between two coloured objects, of held-out contents. */
  static List<Caption> positionsHeldOut(int number, SplitMix random) {
    List<Caption> captions = new ArrayList<>();
    for (Caption pair : all(Category.COLOR_ATTR)) {
      for (Relation relation : Relation.values()) {
        captions.add(new Caption(Category.POSITION, pair.objects(), relation, null));
      }
    }
    return cycled(captions, number, random);
  }

  /** Whether the caption names several objects by colour, and training has not just these. */
  static boolean heldOut(Caption caption) {
    List<ObjectName> names = new ArrayList<>();
    for (ObjectPhrase phrase : caption.objects()) {
      if (phrase.color() == null) {
        return false;
      }
      ObjectName name = new ObjectName(phrase.shape(), phrase.color());
      names.addAll(Collections.nCopies(phrase.count(), name));
    }
    return !Split.TRAINING.containsContent(names);
  }

  private static List<Caption> all(Category category) {
    List<Caption> captions = new ArrayList<>();
    switch (category) {
      case SINGLE_OBJECT -> phrases(1, false).forEach(p -> captions.add(plain(category, p)));
      case COLORS -> phrases(1, true).forEach(p -> captions.add(plain(category, p)));
      case COUNTING -> {
        for (int count = 2; count <= Scene.MAX_OBJECTS; count++) {
          phrases(count, false).forEach(p -> captions.add(plain(category, p)));
        }
      }
      case TWO_OBJECT -> pairs(false).forEach(p -> captions.add(plain(category, p)));
      case COLOR_ATTR ->
          pairs(true).stream()
              .map(p -> plain(category, p))
              .filter(Prompts::heldOut)
              .forEach(captions::add);
      case POSITION -> {
        for (Relation relation : Relation.values()) {
          pairs(false).forEach(p -> captions.add(new Caption(category, p, relation, null)));
        }
      }
      case LIST -> throw new IllegalArgumentException("not one of GenEval's: " + category.id());
    }
    return captions;
  }

  private static Caption plain(Category category, List<ObjectPhrase> phrases) {
    return new Caption(category, phrases, null, null);
  }

  private static List<List<ObjectPhrase>> phrases(int count, boolean colored) {
    List<List<ObjectPhrase>> phrases = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      if (colored) {
        for (ObjectColor color : ObjectColor.values()) {
          phrases.add(List.of(new ObjectPhrase(count, shape, color, null)));
        }
      } else {
        phrases.add(List.of(new ObjectPhrase(count, shape, null, null)));
      }
    }
    return phrases;
  }

  /** Two phrases in both orders; shapes differ, and colours if there are any. */
  private static List<List<ObjectPhrase>> pairs(boolean colored) {
    List<List<ObjectPhrase>> pairs = new ArrayList<>();
    for (List<ObjectPhrase> first : phrases(1, colored)) {
      for (List<ObjectPhrase> second : phrases(1, colored)) {
        ObjectPhrase a = first.get(0);
        ObjectPhrase b = second.get(0);
        if (a.shape() != b.shape() && (!colored || a.color() != b.color())) {
          pairs.add(List.of(a, b));
        }
      }
    }
    return pairs;
  }

  private static List<Caption> cycled(List<Caption> all, int number, SplitMix random) {
    List<Caption> chosen = new ArrayList<>();
    while (chosen.size() < number) {
      List<Caption> left = new ArrayList<>(all);
      while (!left.isEmpty() && chosen.size() < number) {
        chosen.add(left.remove(random.nextInt(left.size())));
      }
    }
    return chosen;
  }
}

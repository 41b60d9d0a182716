package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.BookCaptionSampler;
import io.github.lumina4j.demo.book.BookEditChain;
import io.github.lumina4j.demo.book.BookEditSampler;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.BookSceneSampler;
import io.github.lumina4j.demo.book.BookSubject;
import io.github.lumina4j.demo.book.CaptionedBookScene;
import io.github.lumina4j.demo.book.Phrasing;
import io.github.lumina4j.demo.book.ThingName;
import io.github.lumina4j.demo.book.ThingPhrase;
import io.github.lumina4j.demo.book.check.BookEvaluationItem.Truth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The questions of the book's evaluation: {@value #PROMPTS} for each category of GenEval, {@value
 * #OTHERS} for every other task. All scenes of two things or more are held out, see {@link Split}.
 * Prompts are in the usual words, except for the group {@code wordings}, which are as people write.
 */
public final class BookEvaluationSet {
  /** Questions per category of GenEval. */
  public static final int PROMPTS = 120;

  /** Questions per other group. */
  public static final int OTHERS = 60;

  private static final List<Category> GENEVAL =
      List.of(
          Category.SINGLE_OBJECT,
          Category.TWO_OBJECT,
          Category.COUNTING,
          Category.COLORS,
          Category.POSITION,
          Category.COLOR_ATTR);
  private static final List<Category> SEVERAL =
      List.of(Category.TWO_OBJECT, Category.COUNTING, Category.POSITION, Category.LIST);
  // The categories that name every thing once.
  private static final List<Category> EACH_NAMED =
      List.of(Category.SINGLE_OBJECT, Category.TWO_OBJECT, Category.POSITION, Category.LIST);
  private static final int MOST_EDITED = 4;

  private final long seed;
  private final BookSceneSampler scenes = new BookSceneSampler(Split.HELD_OUT);
  private final BookEditSampler edits = new BookEditSampler(Split.HELD_OUT, MOST_EDITED);
  private final List<BookEvaluationItem> items = new ArrayList<>();

  private BookEvaluationSet(long seed) {
    this.seed = seed;
  }

  /** The questions, always the same for a seed, group after group. */
  public static List<BookEvaluationItem> create(long seed) {
    BookEvaluationSet set = new BookEvaluationSet(seed);
    for (Category category : GENEVAL) {
      for (int i = 0; i < PROMPTS; i++) {
        set.addWords(category);
      }
    }
    for (int i = 0; i < OTHERS; i++) {
      set.addPlace();
      set.addWordings();
      for (MapKind kind : MapKind.values()) {
        set.addPair(kind);
        set.addDense(kind);
      }
      set.addControlled(MapKind.DEPTH);
      set.addControlled(MapKind.CANNY);
      set.addSubject();
      set.addEdit();
      set.addTwoSteps();
    }
    List<String> groups = set.items.stream().map(BookEvaluationItem::group).distinct().toList();
    return groups.stream()
        .flatMap(group -> set.items.stream().filter(item -> item.group().equals(group)))
        .toList();
  }

  /** The randomness of the next item. */
  private SplitMix random() {
    return new SplitMix(seed, items.size());
  }

  private CaptionedBookScene draw(
      SplitMix random, BookCaptionSampler captions, List<Category> categories) {
    return scenes.draw(random, captions, random.pick(categories));
  }

  /** Whether the caption names several things for sure, and training has not just these. */
  static boolean heldOut(BookCaption caption) {
    List<ThingName> names = new ArrayList<>();
    for (ThingPhrase phrase : caption.things()) {
      if (phrase.thing().colored() && phrase.color() == null) {
        return false;
      }
      ThingName name = new ThingName(phrase.thing(), phrase.color());
      names.addAll(Collections.nCopies(phrase.count(), name));
    }
    return !Split.TRAINING.containsContent(names);
  }

  private void addWords(Category category) {
    BookCaption caption = scenes.draw(random(), BookCaptionSampler.PLAIN, category).caption();
    add(category.id(), "t2i", caption, null, null, new Truth.Words(caption));
  }

  private void addPlace() {
    SplitMix random = random();
    BookCaption caption =
        draw(random, BookCaptionSampler.PLACED, List.of(Category.SINGLE_OBJECT)).caption();
    add("place", "t2i", caption, null, null, new Truth.Where(caption));
  }

  private void addWordings() {
    SplitMix random = random();
    BookCaption caption =
        draw(random, BookCaptionSampler.TRAINING, List.of(Category.values())).caption();
    String text = caption.text(Phrasing.varied(random));
    boolean heldOut = heldOut(caption);
    add("wordings", "t2i", List.of(text), null, null, heldOut, new Truth.Words(caption));
  }

  private void addPair(MapKind kind) {
    BookCaption caption = draw(random(), BookCaptionSampler.PLACED, SEVERAL).caption();
    String task = "pair-" + kind.word();
    add(task, task, caption, null, null, new Truth.Pair(caption, kind));
  }

  private void addDense(MapKind kind) {
    BookScene scene = draw(random(), BookCaptionSampler.PLACED, SEVERAL).scene();
    String task = "dense-" + kind.word();
    RgbImage picture = BookRenderer.picture(scene);
    add(task, task, List.of(""), null, picture, true, new Truth.Dense(scene, kind));
  }

  private void addControlled(MapKind kind) {
    CaptionedBookScene drawn = draw(random(), BookCaptionSampler.PLACED, SEVERAL);
    Truth truth = new Truth.Controlled(drawn.caption(), drawn.scene(), kind);
    String task = "i2i-" + kind.word();
    add(task, task, drawn.caption(), null, BookRenderer.map(kind, drawn.scene()), truth);
  }

  private void addSubject() {
    SplitMix random = random();
    BookSubject subject =
        BookSubject.of(random, draw(random, BookCaptionSampler.PLACED, EACH_NAMED));
    BookCaption caption = subject.target().caption();
    RgbImage alone = BookRenderer.picture(subject.alone());
    add("subject", "subject", caption, subject.description(), alone, new Truth.Words(caption));
  }

  private void addEdit() {
    BookEditChain chain = edits.draw(random(), 1);
    addEdited("edit", chain, List.of(chain.instruction(Phrasing.USUAL)));
  }

  private void addTwoSteps() {
    BookEditChain chain = edits.draw(random(), 2);
    addEdited("edit-two-steps", chain, chain.instructions(Phrasing.USUAL));
  }

  private void addEdited(String group, BookEditChain chain, List<String> instructions) {
    RgbImage before = BookRenderer.picture(chain.before());
    boolean heldOut = chain.before().things().size() > 1 || chain.after().things().size() > 1;
    add(group, "edit", instructions, null, before, heldOut, new Truth.Edited(chain));
  }

  private void add(
      String group,
      String task,
      BookCaption caption,
      String description,
      RgbImage given,
      Truth truth) {
    add(group, task, List.of(caption.text()), description, given, heldOut(caption), truth);
  }

  private void add(
      String group,
      String task,
      List<String> prompts,
      String description,
      RgbImage given,
      boolean heldOut,
      Truth truth) {
    long itemSeed = new SplitMix(~seed, items.size()).nextLong() >>> 1;
    items.add(
        new BookEvaluationItem(group, task, prompts, description, given, itemSeed, heldOut, truth));
  }
}

package io.github.lumina4j.demo.check;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.CaptionSampler;
import io.github.lumina4j.demo.CaptionedScene;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.Edit;
import io.github.lumina4j.demo.EditChain;
import io.github.lumina4j.demo.EditSampler;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.Subject;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import java.util.ArrayList;
import java.util.List;

/**
 * The questions of the evaluation: {@value #PROMPTS} for each category of GenEval, {@value #OTHERS}
 * for every other task.
 *
 * <p>All scenes with two objects or more are held out, and so are the prompts that name their
 * colours. The prompts without colours ({@code two stars}) and those of single objects are too few
 * to be held out; they come again and again with other seeds. {@code position_colored} asks for
 * relations between held-out objects.
 */
public final class EvaluationSet {
  /** Questions per category of GenEval. */
  public static final int PROMPTS = 120;

  /** Questions per other group. */
  public static final int OTHERS = 60;

  private static final List<Category> MANY =
      List.of(Category.COUNTING, Category.POSITION, Category.COLOR_ATTR, Category.LIST);
  private static final List<Category> SEVERAL =
      List.of(Category.POSITION, Category.COLOR_ATTR, Category.LIST);

  private final long seed;
  private final SceneSampler scenes = new SceneSampler(Split.HELD_OUT);
  private final EditSampler edits = new EditSampler(Split.HELD_OUT);
  private final List<EvaluationItem> items = new ArrayList<>();

  private EvaluationSet(long seed) {
    this.seed = seed;
  }

  /** The questions, always the same for a seed, group after group. */
  public static List<EvaluationItem> create(long seed) {
    EvaluationSet set = new EvaluationSet(seed);
    for (Category category : Prompts.GENEVAL) {
      set.addWords(category.id(), Prompts.of(category, PROMPTS, set.random()));
    }
    set.addWords("position_colored", Prompts.positionsHeldOut(OTHERS, set.random()));
    for (int i = 0; i < OTHERS; i++) {
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
    List<String> groups = set.items.stream().map(EvaluationItem::group).distinct().toList();
    return groups.stream()
        .flatMap(group -> set.items.stream().filter(item -> item.group().equals(group)))
        .toList();
  }

  /** The randomness of the next item. */
  private SplitMix random() {
    return new SplitMix(seed, items.size());
  }

  private CaptionedScene draw(SplitMix random, List<Category> categories) {
    return scenes.draw(random, CaptionSampler.COLORED, random.pick(categories));
  }

  private void addWords(String group, List<Caption> captions) {
    for (Caption caption : captions) {
      boolean heldOut = Prompts.heldOut(caption);
      add(group, "t2i", List.of(caption.text()), null, null, heldOut, new Truth.Words(caption));
    }
  }

  private void addPair(MapKind kind) {
    Caption caption = draw(random(), MANY).caption();
    add("pair-" + kind.word(), caption, null, null, new Truth.Pair(caption, kind));
  }

  private void addControlled(MapKind kind) {
    CaptionedScene drawn = draw(random(), MANY);
    Caption caption = drawn.caption();
    Truth truth = new Truth.Controlled(caption, drawn.scene(), kind);
    add("i2i-" + kind.word(), caption, null, SceneRenderer.map(kind, drawn.scene()), truth);
  }

  private void addDense(MapKind kind) {
    Scene scene = draw(random(), MANY).scene();
    String task = "dense-" + kind.word();
    RgbImage picture = SceneRenderer.picture(scene);
    add(task, task, List.of(""), null, picture, true, new Truth.Dense(scene, kind));
  }

  private void addSubject() {
    SplitMix random = random();
    Subject subject = Subject.of(random, draw(random, SEVERAL));
    Caption caption = subject.target().caption();
    RgbImage alone = SceneRenderer.picture(subject.alone());
    add("subject", caption, subject.description(), alone, new Truth.Words(caption));
  }

  private void addEdit() {
    EditChain chain = edits.draw(random(), 1);
    addEdited("edit", chain, List.of(chain.instruction()));
  }

  private void addTwoSteps() {
    EditChain chain = edits.draw(random(), 2);
    addEdited("edit-two-steps", chain, chain.edits().stream().map(Edit::instruction).toList());
  }

  private void addEdited(String group, EditChain chain, List<String> instructions) {
    RgbImage before = SceneRenderer.picture(chain.before());
    boolean heldOut = chain.before().objects().size() > 1 || chain.after().objects().size() > 1;
    add(group, "edit", instructions, null, before, heldOut, new Truth.Edited(chain));
  }

  private void add(String task, Caption caption, String description, RgbImage given, Truth truth) {
    add(task, task, List.of(caption.text()), description, given, true, truth);
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
        new EvaluationItem(group, task, prompts, description, given, itemSeed, heldOut, truth));
  }
}

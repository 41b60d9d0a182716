package io.github.lumina4j.demo.book.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.demo.MapKind;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookSamples;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.BookSceneSampler;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.check.BookEvaluationItem.Truth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BookEvaluationSetTest {
  private static final List<BookEvaluationItem> ITEMS = BookEvaluationSet.create(1);

  @Test
  void every_group_has_enough_questions_and_the_set_is_a_function_of_its_seed() {
    Map<String, Long> sizes =
        ITEMS.stream()
            .collect(Collectors.groupingBy(BookEvaluationItem::group, Collectors.counting()));
    assertThat(sizes)
        .hasSize(19)
        .containsEntry("single_object", 120L)
        .containsEntry("place", 60L)
        .containsEntry("edit-two-steps", 60L);
    assertThat(sizes.values()).allMatch(n -> n == 60 || n == 120);
    assertThat(ITEMS.stream().map(BookEvaluationItem::seed)).doesNotHaveDuplicates();
    assertThat(BookEvaluationSet.create(1)).isEqualTo(ITEMS);
  }

  @Test
  void questions_fit_their_tasks() {
    for (BookEvaluationItem item : ITEMS) {
      Task task = Tasks.byName(item.task());
      assertThat(item.given() != null).as(item.group()).isEqualTo(task.needsImage());
      assertThat(item.description() != null).isEqualTo(task.description() == Task.Need.REQUIRED);
      assertThat(item.prompts()).hasSize(item.group().equals("edit-two-steps") ? 2 : 1);
      for (String prompt : item.prompts()) {
        assertThat(prompt.isEmpty()).isEqualTo(task.prompt() == Task.Need.OPTIONAL);
      }
      assertThat(item.seed()).isNotNegative();
    }
  }

  @Test
  void held_out_words_and_pictures_do_not_occur_in_training() {
    Set<String> prompts = new HashSet<>();
    Set<RgbImage> pictures = new HashSet<>();
    for (BookEvaluationItem item : ITEMS) {
      if (item.heldOut() && item.truth() instanceof Truth.Words) {
        prompts.addAll(item.prompts());
      }
      if (item.truth() instanceof Truth.Dense) {
        pictures.add(item.given());
      }
    }
    assertThat(prompts.size()).isGreaterThan(200);
    BookSamples training = new BookSamples(1, TaskShares.USUAL, 4);
    for (int i = 0; i < 1000; i++) {
      TrainingSample sample = training.sample(i);
      assertThat(prompts).doesNotContain(sample.prompt());
      assertThat(pictures).doesNotContain(sample.panels().get(0));
    }
  }

  @Test
  void right_answers_pass_and_answers_to_other_questions_do_not() {
    int asked = 0;
    int passed = 0;
    int others = 0;
    int othersPassed = 0;
    List<RgbImage> last = null;
    for (int i = 0; i < ITEMS.size(); i += 11) {
      BookEvaluationItem item = ITEMS.get(i);
      List<RgbImage> answer = answer(item, i);
      asked++;
      passed += isPerfect(item, answer) ? 1 : 0;
      if (last != null && last.size() == answer.size()) {
        others++;
        othersPassed += isPerfect(item, last) ? 1 : 0;
      }
      last = answer;
    }
    assertThat(passed).isGreaterThanOrEqualTo(asked * 98 / 100);
    // By chance, another picture is at the same place.
    assertThat(othersPassed).isLessThan(others / 10);
  }

  private static boolean isPerfect(BookEvaluationItem item, List<RgbImage> answer) {
    BookItemCheck check = BookItemCheck.of(item, answer);
    double worst = item.task().endsWith("-depth") ? 0 : 1;
    double score = check.score().orElse(worst);
    boolean scored = item.task().endsWith("-depth") ? score < 0.01 : score > 0.99;
    return check.verdict().passed() && check.made().orElse(true) && scored;
  }

  private static List<RgbImage> answer(BookEvaluationItem item, int index) {
    Truth truth = item.truth();
    if (truth instanceof Truth.Words words) {
      return List.of(BookRenderer.picture(scene(words.caption(), index)));
    }
    if (truth instanceof Truth.Where where) {
      return List.of(BookRenderer.picture(scene(where.caption(), index)));
    }
    if (truth instanceof Truth.Pair pair) {
      BookScene scene = scene(pair.caption(), index);
      return List.of(BookRenderer.picture(scene), BookRenderer.map(pair.kind(), scene));
    }
    if (truth instanceof Truth.Controlled controlled) {
      return List.of(BookRenderer.picture(controlled.scene()));
    }
    if (truth instanceof Truth.Dense dense) {
      return List.of(BookRenderer.map(dense.kind(), dense.scene()));
    }
    return List.of(BookRenderer.picture(((Truth.Edited) truth).chain().after()));
  }

  /** A scene that shows the caption, of any split. */
  private static BookScene scene(BookCaption caption, int index) {
    SplitMix random = new SplitMix(9, index);
    Optional<BookScene> scene = Optional.empty();
    while (scene.isEmpty()) {
      scene = new BookSceneSampler(random.pick(Split.class)).tryScene(random, caption);
    }
    return scene.get();
  }

  @Test
  void maps_are_scored_by_the_classes_of_the_book() {
    BookEvaluationItem item = first("dense-segmentation");
    BookScene scene = ((Truth.Dense) item.truth()).scene();
    BookScene empty = new BookScene(scene.place(), scene.night(), List.of());
    RgbImage nothing = BookRenderer.segmentation(empty);
    assertThat(BookItemCheck.of(item, List.of(nothing)).score().getAsDouble()).isLessThan(0.7);
    // Ground and water are classes of their own.
    RgbImage black = BookRenderer.segmentation(new BookScene(Place.WHITE, false, List.of()));
    BookEvaluationItem sea =
        new BookEvaluationItem(
            "dense-segmentation",
            "dense-segmentation",
            List.of(""),
            null,
            BookRenderer.picture(new BookScene(Place.SEA, false, List.of())),
            0,
            true,
            new Truth.Dense(new BookScene(Place.SEA, false, List.of()), MapKind.SEGMENTATION));
    assertThat(BookItemCheck.of(sea, List.of(black)).score().getAsDouble()).isLessThan(0.3);
  }

  @Test
  void an_empty_pair_has_no_score_and_an_answer_has_the_panels_of_its_task() {
    BookEvaluationItem item = first("pair-canny");
    BookScene empty = new BookScene(Place.WHITE, false, List.of());
    BookItemCheck check =
        BookItemCheck.of(item, List.of(BookRenderer.picture(empty), BookRenderer.canny(empty)));
    assertThat(check.verdict().passed()).isFalse();
    assertThat(check.score()).isEmpty();
    assertThatThrownBy(() -> BookItemCheck.of(item, List.of(BookRenderer.picture(empty))))
        .hasMessage("an answer to pair-canny of 1 panels, not 2");
    RgbImage small = new RgbImage(96, 96, new byte[96 * 96 * 3]);
    assertThatThrownBy(() -> BookItemCheck.of(item, List.of(small, small)))
        .hasMessage("a picture of the book has 128x128 pixels, not 96x96");
  }

  private static BookEvaluationItem first(String group) {
    return ITEMS.stream().filter(item -> item.group().equals(group)).findFirst().orElseThrow();
  }
}

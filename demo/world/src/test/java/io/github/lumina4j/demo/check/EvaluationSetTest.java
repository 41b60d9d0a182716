package io.github.lumina4j.demo.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.Caption;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.SampleStream;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneRenderer;
import io.github.lumina4j.demo.SceneSampler;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.TrainingSample;
import io.github.lumina4j.demo.check.EvaluationItem.Truth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationSetTest {
  private static final List<EvaluationItem> ITEMS = EvaluationSet.create(1);

  @Test
  void every_group_has_enough_questions() {
    Map<String, Long> sizes =
        ITEMS.stream().collect(Collectors.groupingBy(EvaluationItem::group, Collectors.counting()));
    assertThat(sizes).hasSize(18);
    for (Category category : Prompts.GENEVAL) {
      assertThat(sizes.get(category.id())).isEqualTo(120);
    }
    assertThat(sizes.values()).allSatisfy(n -> assertThat(n).isGreaterThanOrEqualTo(60));
    assertThat(ITEMS.stream().map(EvaluationItem::group).distinct().toList())
        .startsWith("single_object", "two_object", "counting", "colors", "position", "color_attr");
    assertThat(ITEMS.stream().map(EvaluationItem::seed)).doesNotHaveDuplicates();
  }

  @Test
  void questions_fit_their_tasks() {
    for (EvaluationItem item : ITEMS) {
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
  void the_set_is_a_function_of_its_seed() {
    assertThat(EvaluationSet.create(1)).isEqualTo(ITEMS);
  }

  @Test
  void held_out_words_and_pictures_do_not_occur_in_training() {
    Set<String> prompts = new HashSet<>();
    Set<RgbImage> pictures = new HashSet<>();
    for (EvaluationItem item : ITEMS) {
      boolean words = item.truth() instanceof Truth.Words || item.truth() instanceof Truth.Pair;
      if (item.heldOut() && words) {
        prompts.addAll(item.prompts());
      }
      if (item.truth() instanceof Truth.Dense) {
        pictures.add(item.given());
      }
    }
    assertThat(prompts.size()).isGreaterThan(200);
    SampleStream training = new SampleStream(1);
    for (int i = 0; i < 3000; i++) {
      TrainingSample sample = training.sample(i);
      assertThat(prompts).doesNotContain(sample.prompt());
      assertThat(pictures).doesNotContain(sample.panels().get(0));
    }
  }

  @Test
  void prompts_of_a_category_come_equally_often() {
    Map<List<String>, Long> counts =
        ITEMS.stream()
            .filter(item -> item.group().equals("two_object"))
            .collect(Collectors.groupingBy(EvaluationItem::prompts, Collectors.counting()));
    assertThat(counts).hasSize(30).containsEntry(List.of("a star and a heart"), 4L);
    assertThat(counts.values()).containsOnly(4L);
    List<Caption> colored = Prompts.of(Category.COLOR_ATTR, 120, new SplitMix(1, 1));
    assertThat(colored).doesNotHaveDuplicates().allMatch(Prompts::heldOut);
    assertThatThrownBy(() -> Prompts.of(Category.LIST, 1, new SplitMix(1, 1)))
        .hasMessage("not one of GenEval's: list");
  }

  @Test
  void right_answers_pass_and_answers_to_other_questions_do_not() {
    int passed = 0;
    int otherPassed = 0;
    int checked = 0;
    List<RgbImage> last = null;
    for (int i = 0; i < ITEMS.size(); i += 3) {
      EvaluationItem item = ITEMS.get(i);
      List<RgbImage> answer = answer(item, i);
      ItemCheck check = ItemCheck.of(item, answer);
      passed += check.verdict().passed() && perfect(item, check.score()) ? 1 : 0;
      if (last != null && last.size() == answer.size()) {
        ItemCheck other = ItemCheck.of(item, last);
        checked++;
        otherPassed += other.verdict().passed() && perfect(item, other.score()) ? 1 : 0;
      }
      last = answer;
    }
    assertThat(passed).isGreaterThanOrEqualTo(ITEMS.size() / 3 * 99 / 100);
    // By chance, some pictures show a single object that others ask for.
    assertThat(otherPassed).isLessThan(checked / 8);
  }

  @Test
  void an_answer_has_the_panels_of_its_task() {
    EvaluationItem pair =
        ITEMS.stream().filter(i -> i.truth() instanceof Truth.Pair).findFirst().orElseThrow();
    assertThatThrownBy(() -> ItemCheck.of(pair, List.of(SceneRenderer.picture(empty()))))
        .hasMessage("an answer to pair-depth of 1 panels, not 2");
  }

  private static Scene empty() {
    return new Scene(Background.WHITE, List.of());
  }

  private static boolean perfect(EvaluationItem item, OptionalDouble score) {
    if (item.truth() instanceof Truth.Words) {
      return score.isEmpty();
    }
    boolean error = item.task().endsWith("-depth");
    return score.isPresent() && (error ? score.getAsDouble() < 0.01 : score.getAsDouble() > 0.99);
  }

  private static List<RgbImage> answer(EvaluationItem item, int index) {
    if (item.truth() instanceof Truth.Words words) {
      return List.of(SceneRenderer.picture(scene(words.caption(), index)));
    }
    if (item.truth() instanceof Truth.Pair pair) {
      Scene scene = scene(pair.caption(), index);
      return List.of(SceneRenderer.picture(scene), SceneRenderer.map(pair.kind(), scene));
    }
    if (item.truth() instanceof Truth.Controlled controlled) {
      return List.of(SceneRenderer.picture(controlled.scene()));
    }
    if (item.truth() instanceof Truth.Dense dense) {
      return List.of(SceneRenderer.map(dense.kind(), dense.scene()));
    }
    return List.of(SceneRenderer.picture(((Truth.Edited) item.truth()).chain().after()));
  }

  /** A scene that shows the caption, of any split. */
  private static Scene scene(Caption caption, int index) {
    SplitMix random = new SplitMix(9, index);
    Optional<Scene> scene = Optional.empty();
    while (scene.isEmpty()) {
      scene = new SceneSampler(random.pick(Split.class)).tryScene(random, caption);
    }
    return scene.get();
  }

  @Test
  void an_empty_pair_has_no_score() {
    EvaluationItem item =
        ITEMS.stream().filter(i -> i.truth() instanceof Truth.Pair).findFirst().orElseThrow();
    Scene empty = new Scene(Background.values()[0], List.of());
    RgbImage map = SceneRenderer.map(((Truth.Pair) item.truth()).kind(), empty);
    ItemCheck check = ItemCheck.of(item, List.of(SceneRenderer.picture(empty), map));
    assertThat(check.verdict().passed()).isFalse();
    assertThat(check.score()).isEmpty();
  }
}

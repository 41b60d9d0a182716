package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.Tasks;
import io.github.lumina4j.demo.DemoWorld;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookSamplesTest {
  @Test
  void all_tasks_come_and_samples_depend_on_seed_and_index_alone() {
    BookSamples samples = new BookSamples(1, TaskShares.USUAL, 4);
    Set<String> tasks = new HashSet<>();
    for (int i = 0; i < 250; i++) {
      TrainingSample sample = samples.sample(i);
      tasks.add(sample.task());
      assertThat(Tasks.byName(sample.task()).panels()).isEqualTo(sample.panels().size());
      assertThat(sample.panels()).allMatch(panel -> panel.width() == 128 && panel.height() == 128);
      assertThat(sample.prompt().isEmpty()).isEqualTo(sample.task().startsWith("dense-"));
      assertThat(sample.description() != null).isEqualTo(sample.task().equals("subject"));
    }
    assertThat(tasks)
        .containsExactlyInAnyOrder(
            "t2i",
            "edit",
            "subject",
            "pair-depth",
            "pair-canny",
            "pair-segmentation",
            "i2i-depth",
            "i2i-canny",
            "dense-depth",
            "dense-canny",
            "dense-segmentation");
    TrainingSample again = DemoWorld.BOOK.samples(1, TaskShares.USUAL, 4).sample(7);
    assertThat(again).isEqualTo(samples.sample(7)).isNotEqualTo(samples.sample(8));
    assertThat(new BookSamples(2, TaskShares.USUAL, 4).sample(7)).isNotEqualTo(again);
  }

  @Test
  void the_curriculum_begins_with_one_thing() {
    BookSamples samples = new BookSamples(1, TaskShares.parse("t2i=1"), 1);
    for (int i = 0; i < 60; i++) {
      assertThat(samples.sample(i).prompt()).doesNotContain(" and ").doesNotContain("two ");
    }
    assertThatThrownBy(() -> new BookSamples(1, TaskShares.USUAL, 5))
        .hasMessage("the most things must be 1 to 4, not 5");
  }
}

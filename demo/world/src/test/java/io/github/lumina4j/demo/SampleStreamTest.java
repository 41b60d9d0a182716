package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleStreamTest {
  private static final int SAMPLES = 2000;
  private static final List<TrainingSample> DRAWN =
      IntStream.range(0, SAMPLES).mapToObj(new SampleStream(1)::sample).toList();

  @Test
  void a_sample_is_a_function_of_seed_and_index() {
    SampleStream again = new SampleStream(1);
    for (int i = 199; i >= 0; i--) {
      assertThat(again.sample(i)).isEqualTo(DRAWN.get(i));
    }
    assertThat(new SampleStream(2).sample(0)).isNotEqualTo(DRAWN.get(0));
    assertThat(again.sample(1L << 40)).isNotEqualTo(again.sample(0));
  }

  @Test
  void the_mixture_is_as_documented() {
    Map<String, Double> shares =
        DRAWN.stream()
            .map(s -> s.task().startsWith("edit") ? "edit" : s.task().split("-")[0])
            .collect(Collectors.groupingBy(t -> t, Collectors.summingDouble(t -> 100.0 / SAMPLES)));
    Map.of("t2i", 50, "pair", 9, "i2i", 10, "dense", 9, "subject", 6, "edit", 16)
        .forEach((task, share) -> assertThat(shares.get(task)).isCloseTo(share, within(3.0)));
    assertThat(shares).hasSize(6);
  }

  @Test
  void only_kinds_with_a_share_are_drawn() {
    SampleStream stream = new SampleStream(1, TaskShares.parse("subject=1,edit=3"));
    List<String> tasks = IntStream.range(0, 400).mapToObj(i -> stream.sample(i).task()).toList();
    assertThat(tasks).allMatch(task -> task.equals("subject") || task.equals("edit"));
    assertThat(tasks.stream().filter("edit"::equals).count()).isBetween(270L, 330L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "edit", "edit=", "edit=-1", "edit=1001", "edit=0", "edit=1,edit=2"})
  void shares_that_make_no_sense_are_refused(String text) {
    assertThatThrownBy(() -> TaskShares.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shares_read_what_they_write() {
    assertThat(TaskShares.parse(TaskShares.USUAL.toString())).isEqualTo(TaskShares.USUAL);
  }

  @Test
  void samples_fit_their_tasks() {
    for (TrainingSample sample : DRAWN) {
      Task task = Tasks.byName(sample.task());
      assertThat(sample.panels()).hasSize(task.panels());
      assertThat(sample.panels())
          .allSatisfy(p -> assertThat(List.of(p.width(), p.height())).containsExactly(96, 96));
      assertThat(sample.prompt().isEmpty()).isEqualTo(task.prompt() == Task.Need.OPTIONAL);
      assertThat(sample.description() != null).isEqualTo(task.name().equals("subject"));
      assertThat(task.write(96, 96 * task.panels(), sample.prompt(), sample.description()))
          .contains(sample.prompt());
    }
  }

  @Test
  void the_given_picture_is_above() {
    for (TrainingSample sample : DRAWN) {
      String task = sample.task();
      if (task.endsWith("-depth")) {
        int map = task.startsWith("i2i") ? 0 : 1;
        assertThat(grey(sample.panels().get(map))).as(task).isTrue();
        assertThat(grey(sample.panels().get(1 - map))).as(task).isFalse();
      }
    }
  }

  @Test
  void captions_are_sentences_now_and_then_and_name_backgrounds_half_the_time() {
    List<String> prompts =
        DRAWN.stream().filter(s -> s.task().equals("t2i")).map(TrainingSample::prompt).toList();
    double sentences = prompts.stream().filter(p -> p.endsWith(".")).count();
    double backgrounds = prompts.stream().filter(p -> p.contains(" background")).count();
    assertThat(sentences / prompts.size()).isCloseTo(0.2, within(0.05));
    assertThat(backgrounds / prompts.size()).isCloseTo(0.5, within(0.06));
  }

  @Test
  void edits_change_something_and_leave_most() {
    for (TrainingSample sample : DRAWN) {
      if (sample.task().equals("edit")) {
        RgbImage before = sample.panels().get(0);
        RgbImage after = sample.panels().get(1);
        long changed =
            IntStream.range(0, 96 * 96)
                .filter(i -> before.rgb(i % 96, i / 96) != after.rgb(i % 96, i / 96))
                .count();
        assertThat(changed).as(sample.prompt()).isBetween(50L, 96 * 96 * 6 / 10L);
      }
    }
  }

  private static boolean grey(RgbImage image) {
    return IntStream.range(0, 96 * 96)
        .map(i -> image.rgb(i % 96, i / 96))
        .allMatch(rgb -> (rgb & 0xff) == (rgb >> 8 & 0xff) && (rgb & 0xff) == rgb >> 16);
  }
}

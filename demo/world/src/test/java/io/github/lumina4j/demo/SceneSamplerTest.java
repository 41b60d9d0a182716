package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SceneSamplerTest {
  private static final int SAMPLES = 300;
  private final SceneSampler sampler = new SceneSampler(Split.TRAINING);

  @ParameterizedTest
  @EnumSource
  void scenes_hold_what_their_caption_says_and_no_more(Category category) {
    for (int i = 0; i < SAMPLES; i++) {
      CaptionedScene drawn = sampler.draw(new SplitMix(1, i), CaptionSampler.TRAINING, category);
      List<SceneObject> left = new ArrayList<>(drawn.scene().objects());
      for (ObjectPhrase phrase : drawn.caption().objects()) {
        for (int n = 0; n < phrase.count(); n++) {
          SceneObject found =
              left.stream()
                  .filter(o -> phrase.matches(o.shape(), o.color(), o.size()))
                  .findFirst()
                  .orElseThrow();
          left.remove(found);
        }
      }
      assertThat(left).isEmpty();
      Background named = drawn.caption().background();
      assertThat(named == null || named == drawn.scene().background()).isTrue();
    }
  }

  @Test
  void relations_hold() {
    for (int i = 0; i < SAMPLES; i++) {
      CaptionedScene drawn =
          sampler.draw(new SplitMix(2, i), CaptionSampler.COLORED, Category.POSITION);
      List<SceneObject> pair =
          drawn.caption().objects().stream()
              .map(p -> drawn.scene().named(new ObjectName(p.shape(), p.color())))
              .toList();
      assertThat(drawn.caption().relation().holds(pair.get(0), pair.get(1)))
          .as(drawn.toString())
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COLOR_ATTR", "LIST"})
  void captions_name_objects_from_the_top_left_to_the_bottom_right(Category category) {
    for (int i = 0; i < SAMPLES; i++) {
      CaptionedScene drawn = sampler.draw(new SplitMix(6, i), CaptionSampler.COLORED, category);
      assertThat(drawn.caption().objects())
          .extracting(p -> drawn.scene().named(new ObjectName(p.shape(), p.color())))
          .isSortedAccordingTo(
              Comparator.comparingInt(SceneObject::cellY).thenComparingInt(SceneObject::cellX));
    }
  }

  @Test
  void counted_objects_look_the_same() {
    for (int i = 0; i < SAMPLES; i++) {
      Scene scene =
          sampler.draw(new SplitMix(3, i), CaptionSampler.TRAINING, Category.COUNTING).scene();
      assertThat(scene.objects().stream().map(o -> o.at(0, 0)).distinct()).hasSize(1);
      assertThat(scene.objects()).hasSizeBetween(2, 4);
    }
  }

  @Test
  void plain_captions_are_those_of_genEval() {
    for (Category category : Category.values()) {
      for (int i = 0; i < 30; i++) {
        String text = CaptionSampler.PLAIN.draw(new SplitMix(4, i), category).text();
        assertThat(text).doesNotContain("background", "large", "small");
        boolean colored =
            category.compareTo(Category.COLOR_ATTR) >= 0 || category == Category.COLORS;
        assertThat(text.matches(".*\\b(red|orange|yellow|green|cyan|blue|purple|pink)\\b.*"))
            .isEqualTo(colored);
      }
    }
  }

  @Test
  void splits_share_no_content_and_one_in_ten_is_held_out() {
    Map<Split, Integer> contents = new HashMap<>();
    for (Shape shape : Shape.values()) {
      for (ObjectColor color : ObjectColor.values()) {
        for (Shape other : Shape.values()) {
          ObjectName a = new ObjectName(shape, color);
          ObjectName b = new ObjectName(other, ObjectColor.RED);
          boolean training = Split.TRAINING.containsContent(List.of(a, b));
          assertThat(Split.HELD_OUT.containsContent(List.of(b, a))).isNotEqualTo(training);
          contents.merge(training ? Split.TRAINING : Split.HELD_OUT, 1, Integer::sum);
          assertThat(Split.TRAINING.containsContent(List.of(a))).isTrue();
        }
      }
    }
    assertThat(contents.get(Split.HELD_OUT)).isBetween(15, 45);
  }

  @Test
  void which_contents_are_held_out_never_changes() {
    ObjectName redStar = new ObjectName(Shape.STAR, ObjectColor.RED);
    List<String> heldOut = new ArrayList<>();
    for (ObjectColor color : ObjectColor.values()) {
      for (Shape shape : Shape.values()) {
        ObjectName other = new ObjectName(shape, color);
        if (Split.HELD_OUT.containsContent(List.of(redStar, other))) {
          heldOut.add(other.toString());
        }
      }
    }
    assertThat(heldOut).containsExactly("yellow star", "blue heart", "blue cross", "pink cross");
  }

  @Test
  void training_scenes_are_of_the_training_split() {
    SceneSampler heldOut = new SceneSampler(Split.HELD_OUT);
    for (int i = 0; i < SAMPLES; i++) {
      assertThat(Split.TRAINING.contains(sampler.draw(new SplitMix(5, i), 1 + i % 4))).isTrue();
      assertThat(Split.TRAINING.contains(heldOut.draw(new SplitMix(5, i), 2 + i % 3))).isFalse();
    }
  }
}

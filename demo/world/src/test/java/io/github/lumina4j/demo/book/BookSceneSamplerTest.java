package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookSceneSamplerTest {
  private final BookSceneSampler training = new BookSceneSampler(Split.TRAINING);

  @Test
  void scenes_show_what_captions_say_and_nothing_else() {
    for (Category category : Category.values()) {
      for (int i = 0; i < 60; i++) {
        CaptionedBookScene drawn =
            training.draw(new SplitMix(5, i), BookCaptionSampler.TRAINING, category);
        BookCaption caption = drawn.caption();
        BookScene scene = drawn.scene();
        assertThat(scene.things())
            .hasSize(caption.things().stream().mapToInt(ThingPhrase::count).sum());
        for (ThingPhrase phrase : caption.things()) {
          assertThat(scene.things().stream().filter(t -> phrase.matches(t.name(), t.size())))
              .as(caption.text())
              .hasSize(phrase.count());
        }
        assertThat(scene.night()).isEqualTo(caption.night());
        assertThat(caption.place() == null || caption.place() == scene.place()).isTrue();
        if (caption.relation() != null) {
          assertThat(caption.relation().holds(find(scene, caption, 0), find(scene, caption, 1)))
              .as(caption.text())
              .isTrue();
        }
      }
    }
  }

  private static PlacedThing find(BookScene scene, BookCaption caption, int index) {
    ThingPhrase phrase = caption.things().get(index);
    return scene.things().stream()
        .filter(t -> phrase.matches(t.name(), t.size()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void both_splits_have_scenes_of_their_own() {
    Set<List<String>> seen = new HashSet<>();
    for (Split split : Split.values()) {
      for (int i = 0; i < 60; i++) {
        BookScene scene = new BookSceneSampler(split).draw(new SplitMix(5, i), 2);
        List<String> names = scene.names().stream().map(ThingName::toString).sorted().toList();
        assertThat(split.containsContent(names)).isTrue();
        if (split == Split.TRAINING) {
          seen.add(names);
        } else {
          assertThat(seen).doesNotContain(names);
        }
      }
    }
  }

  @Test
  void counts_go_to_five_and_every_place_comes_by_day_and_night() {
    Set<Integer> counts = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      BookScene scene =
          training.draw(new SplitMix(6, i), BookCaptionSampler.TRAINING, Category.COUNTING).scene();
      counts.add(scene.things().size());
      places.add(scene.place() + " " + scene.night());
    }
    assertThat(counts).containsExactlyInAnyOrder(2, 3, 4, 5);
    assertThat(places).hasSize(21);
  }

  @Test
  void whales_are_in_the_sea_unless_the_caption_says_otherwise() {
    assertThat(BookSceneSampler.natural(Things.named("whale"), Place.SEA)).isTrue();
    assertThat(BookSceneSampler.natural(Things.named("whale"), Place.FOREST)).isFalse();
    assertThat(BookSceneSampler.natural(Things.named("chair"), Place.SEA)).isFalse();
  }
}

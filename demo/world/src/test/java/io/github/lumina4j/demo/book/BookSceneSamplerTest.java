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
  void the_sun_is_not_seen_at_night() {
    int suns = 0;
    for (int i = 0; i < 3000; i++) {
      CaptionedBookScene drawn =
          training.draw(new SplitMix(7, i), BookCaptionSampler.TRAINING, Category.SINGLE_OBJECT);
      boolean sun = drawn.scene().names().stream().anyMatch(name -> name.thing().dayOnly());
      suns += sun ? 1 : 0;
      assertThat(sun && drawn.scene().night()).isFalse();
    }
    assertThat(suns).isGreaterThan(20);
  }

  @Test
  void places_that_are_named_are_mostly_natural_but_not_always() {
    int natural = 0;
    int named = 0;
    for (int i = 0; i < 1000; i++) {
      BookCaption caption =
          training
              .draw(new SplitMix(8, i), BookCaptionSampler.PLACED, Category.SINGLE_OBJECT)
              .caption();
      boolean sea = caption.place() == Place.SEA || caption.place() == Place.SPACE;
      if (caption.things().get(0).thing().habitat() == Habitat.GROUND) {
        named++;
        natural += sea ? 0 : 1;
      }
    }
    assertThat((double) natural / named).isBetween(0.9, 0.99);
  }

  @Test
  void a_fox_under_a_tree_is_at_its_foot() {
    BookCaption caption =
        new BookCaption(
            Category.POSITION,
            List.of(
                new ThingPhrase(1, Things.named("fox"), null, null),
                new ThingPhrase(1, Things.named("tree"), null, null)),
            BookRelation.BELOW,
            Place.MEADOW,
            true);
    int large = 0;
    for (int i = 0; i < 100; i++) {
      BookScene scene = training.tryScene(new SplitMix(3, i), caption).orElseThrow();
      PlacedThing tree = find(scene, caption, 1);
      assertThat(find(scene, caption, 0).cellY() - tree.foot()).isBetween(0, 4);
      large += tree.size() == ThingSize.LARGE ? 1 : 0;
    }
    assertThat(large).isGreaterThan(70);
  }

  @Test
  void the_same_thing_comes_in_two_colours_and_two_things_in_one() {
    int sameThing = 0;
    int sameColor = 0;
    for (int i = 0; i < 600; i++) {
      BookCaption caption =
          training
              .draw(new SplitMix(9, i), BookCaptionSampler.PLAIN, Category.COLOR_ATTR)
              .caption();
      ThingPhrase a = caption.things().get(0);
      ThingPhrase b = caption.things().get(1);
      assertThat(a).isNotEqualTo(b);
      sameThing += a.thing().equals(b.thing()) ? 1 : 0;
      sameColor += a.color() == b.color() ? 1 : 0;
    }
    assertThat(sameThing).isBetween(8, 60);
    assertThat(sameColor).isBetween(5, 60);
  }

  @Test
  void one_thing_alone_is_seldom_in_a_corner_and_seldom_on_a_plain_background() {
    BookCaption cat =
        new BookCaption(
            Category.SINGLE_OBJECT,
            List.of(new ThingPhrase(1, Things.named("cat"), null, null)),
            null,
            null,
            false);
    int aside = 0;
    int plain = 0;
    for (int i = 0; i < 1000; i++) {
      BookScene scene = training.tryScene(new SplitMix(3, i), cat).orElseThrow();
      double fromMiddle = Math.abs(scene.things().get(0).centerX() - BookScene.PIXELS / 2.0);
      aside += fromMiddle > 3.5 * BookScene.CELL ? 1 : 0;
      plain += scene.place().plain() ? 1 : 0;
    }
    assertThat(aside).isBetween(10, 200);
    assertThat(plain).isBetween(150, 350);
  }

  @Test
  void whales_are_in_the_sea_unless_the_caption_says_otherwise() {
    assertThat(Things.named("whale").habitat().suits(Place.SEA)).isTrue();
    assertThat(Things.named("whale").habitat().suits(Place.FOREST)).isFalse();
    assertThat(Things.named("chair").habitat().suits(Place.SEA)).isFalse();
  }
}

package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private final Vocabulary shapes = Vocabulary.of(DemoWorld.SHAPES);
  private final Vocabulary book = Vocabulary.of(DemoWorld.BOOK);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a cat",
        "Two PENGUINS!",
        "kittens",
        "an ice-cream",
        "the fox's den",
        "a wizard in the woods",
        "Paris at night",
        "a bicycle-shaped dragon",
        "Pine trees",
        "two birthday-cakes",
        "snowy mountains",
        "a girafe",
        "elepphants",
        "star"
      })
  void one_word_of_the_book_will_do(String prompt) {
    assertThat(book.knows(prompt)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "a wizard",
        "three large ones left of it",
        "could you draw a mouse",
        "a caterpillar and scarves",
        "a bat",
        "a white swan",
        "something turquoise",
        "a portrait on a grey background",
        "a dark tower in bright daylight",
        "\u732b"
      })
  void other_words_are_not_known(String prompt) {
    assertThat(book.knows(prompt)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a red star", "Circles.", "three STARS!", "two crosses", "circle,square"})
  void shapes_are_the_words_of_the_other_world(String prompt) {
    assertThat(shapes.knows(prompt)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a cat", "a castle at night", "two large ones", "a starfish", "something red"})
  void shapes_know_no_things(String prompt) {
    assertThat(shapes.knows(prompt)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void what_a_model_learns_from_is_known_but_for_typing_errors(DemoWorld world) {
    SampleSource samples = world.samples(3, TaskShares.parse("t2i=1"), 4);
    int prompts = 0;
    int known = 0;
    Vocabulary vocabulary = Vocabulary.of(world);
    for (int i = 0; i < 2000; i++) {
      String prompt = samples.sample(i).prompt();
      prompts += prompt.isEmpty() ? 0 : 1;
      known += vocabulary.knows(prompt) ? 1 : 0;
    }
    assertThat(prompts - known).isLessThanOrEqualTo(world == DemoWorld.BOOK ? 10 : 0);
  }

  @ParameterizedTest
  @EnumSource
  void everything_that_is_listed_is_known(DemoWorld world) {
    Vocabulary vocabulary = Vocabulary.of(world);
    assertThat(vocabulary.things()).doesNotHaveDuplicates().allMatch(vocabulary::knows);
    assertThat(vocabulary.places()).doesNotHaveDuplicates().allMatch(vocabulary::knows);
    assertThat(vocabulary.colors()).hasSize(8).noneMatch(vocabulary::knows);
    assertThat(vocabulary.backgrounds()).hasSize(5).doesNotHaveDuplicates();
    assertThat(vocabulary.relations()).doesNotHaveDuplicates().noneMatch(vocabulary::knows);
    assertThat(vocabulary.prompts())
        .hasSize(10)
        .doesNotHaveDuplicates()
        .allMatch(vocabulary::knows);
  }

  @Test
  void the_size_of_a_world_in_a_few_words() {
    assertThat(book.summary())
        .isEqualTo("85 things (cat, tree, rocket, ...), 8 colours and 10 places");
    assertThat(book.things()).contains("cat", "tree", "rocket", "pine tree", "star");
    assertThat(book.places()).contains("meadow", "snow", "space", "night").doesNotContain("white");
    assertThat(shapes.summary())
        .isEqualTo(
            "6 shapes (circle, square, triangle, star, heart, cross), 8 colours and 5 plain"
                + " backgrounds");
  }
}

package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.demo.book.Things;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static final Vocabulary SHAPES = Vocabulary.of(DemoWorld.SHAPES);
  private static final Vocabulary BOOK = Vocabulary.of(DemoWorld.BOOK);

  @Test
  void a_prompt_names_a_thing_by_any_of_its_words() {
    for (String prompt :
        List.of("a red circle", "Three STARS!", "two crosses", "(heart)", "circle,square")) {
      assertThat(SHAPES.namesAThing(prompt)).as(prompt).isTrue();
    }
    for (String prompt : List.of("a cat", "", "a starfish", "semicircle", "something red")) {
      assertThat(SHAPES.namesAThing(prompt)).as(prompt).isFalse();
    }
    for (String prompt :
        List.of("a cat", "two kittens", "Pine trees at night", "a birthday-cake")) {
      assertThat(BOOK.namesAThing(prompt)).as(prompt).isTrue();
    }
    assertThat(BOOK.namesAThing("a bicycle-shaped dragon")).isTrue();
    assertThat(BOOK.namesAThing("a dragon")).isFalse();
  }

  @Test
  void every_caption_of_a_world_names_one_of_its_things() {
    SampleSource shapes = DemoWorld.SHAPES.samples(3, TaskShares.parse("t2i=1"), 4);
    for (int i = 0; i < 200; i++) {
      String prompt = shapes.sample(i).prompt();
      assertThat(SHAPES.namesAThing(prompt)).as(prompt).isTrue();
    }
    assertThat(Things.all()).allMatch(thing -> BOOK.namesAThing("a " + thing.name()));
  }

  @Test
  void the_summary_counts() {
    assertThat(SHAPES.summary())
        .isEqualTo(
            "6 shapes (circle, square, triangle, star, heart, cross), 8 colours and 5 plain"
                + " backgrounds");
    assertThat(BOOK.summary())
        .matches("\\d+ things \\(cat, dog, .*, \\.\\.\\.\\), 8 colours and 9 places");
  }
}

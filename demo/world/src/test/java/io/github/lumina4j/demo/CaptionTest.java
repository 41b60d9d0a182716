package io.github.lumina4j.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionTest {
  private static final ObjectPhrase STAR = new ObjectPhrase(1, Shape.STAR, null, null);
  private static final ObjectPhrase RED_STAR =
      new ObjectPhrase(1, Shape.STAR, ObjectColor.RED, ObjectSize.LARGE);
  private static final ObjectPhrase ORANGE_CROSS =
      new ObjectPhrase(1, Shape.CROSS, ObjectColor.ORANGE, null);

  @Test
  void phrases_have_articles_numbers_and_plurals() {
    assertThat(STAR.text()).isEqualTo("a star");
    assertThat(RED_STAR.text()).isEqualTo("a large red star");
    assertThat(ORANGE_CROSS.text()).isEqualTo("an orange cross");
    assertThat(new ObjectPhrase(4, Shape.CROSS, null, null).text()).isEqualTo("four crosses");
    assertThat(new ObjectPhrase(2, Shape.STAR, ObjectColor.PINK, null).text())
        .isEqualTo("two pink stars");
    assertThatThrownBy(() -> new ObjectPhrase(5, Shape.STAR, null, null))
        .hasMessage("5 objects in a caption");
  }

  @Test
  void captions_join_phrases() {
    assertThat(caption(Category.SINGLE_OBJECT, null, STAR).text()).isEqualTo("a star");
    assertThat(caption(Category.COLOR_ATTR, null, RED_STAR, ORANGE_CROSS).text())
        .isEqualTo("a large red star and an orange cross");
    assertThat(caption(Category.LIST, null, RED_STAR, STAR, ORANGE_CROSS).text())
        .isEqualTo("a large red star, a star and an orange cross");
    assertThat(caption(Category.POSITION, Relation.LEFT_OF, STAR, ORANGE_CROSS).text())
        .isEqualTo("a star left of an orange cross");
  }

  @Test
  void a_background_comes_last_and_a_sentence_ends() {
    Caption caption = new Caption(Category.COLORS, List.of(ORANGE_CROSS), null, Background.MINT);
    assertThat(caption.text()).isEqualTo("an orange cross on a mint background");
    assertThat(caption.sentence()).isEqualTo("An orange cross on a mint background.");
  }

  @Test
  void a_relation_belongs_to_two_objects_of_the_position_category() {
    assertThatThrownBy(() -> caption(Category.POSITION, null, STAR, ORANGE_CROSS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> caption(Category.LIST, Relation.ABOVE, STAR, ORANGE_CROSS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> caption(Category.POSITION, Relation.ABOVE, STAR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> caption(Category.LIST, null)).hasMessage("a caption without objects");
  }

  private static Caption caption(Category category, Relation relation, ObjectPhrase... phrases) {
    return new Caption(category, List.of(phrases), relation, null);
  }
}

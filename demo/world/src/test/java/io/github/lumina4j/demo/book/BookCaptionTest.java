package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.ObjectColor;
import io.github.lumina4j.demo.SplitMix;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BookCaptionTest {
  private static ThingPhrase phrase(int count, String thing, ObjectColor color, ThingSize size) {
    return new ThingPhrase(count, Things.named(thing), color, size);
  }

  private static final BookCaption FOX =
      new BookCaption(
          Category.POSITION,
          List.of(phrase(1, "fox", null, null), phrase(1, "tree", null, null)),
          BookRelation.BELOW,
          Place.SNOW,
          true);

  @Test
  void the_usual_words() {
    assertThat(FOX.text()).isEqualTo("a fox below a tree in the snow at night");
    assertThat(phrase(1, "umbrella", null, null).text()).isEqualTo("an umbrella");
    assertThat(phrase(1, "unicorn", null, null).text()).isEqualTo("a unicorn");
    assertThat(phrase(1, "ufo", null, null).text()).isEqualTo("a ufo");
    assertThat(phrase(3, "fish", ObjectColor.ORANGE, ThingSize.SMALL).text())
        .isEqualTo("three small orange fish");
    BookCaption list =
        new BookCaption(
            Category.LIST,
            List.of(
                phrase(1, "cat", null, null),
                phrase(1, "car", ObjectColor.RED, null),
                phrase(1, "owl", null, ThingSize.LARGE)),
            null,
            null,
            false);
    assertThat(list.text()).isEqualTo("a cat, a red car and a large owl");
  }

  @Test
  void people_say_it_in_many_ways() {
    Set<String> texts = new HashSet<>();
    int typos = 0;
    for (int i = 0; i < 4000; i++) {
      String text = FOX.text(Phrasing.varied(new SplitMix(3, i)));
      texts.add(text);
      String lower = text.toLowerCase(java.util.Locale.ROOT);
      boolean where = lower.contains("snow") || lower.contains("mountains");
      typos += lower.contains("fox") && lower.contains("tree") && where ? 0 : 1;
    }
    assertThat(texts)
        .contains(
            "a fox under a tree in the snow at night",
            "fox below tree in the snow at night",
            "A fox below a tree in the snow at night.",
            "in the snow at night, a fox below a tree",
            "draw a fox below a tree in the snow at night");
    // A slip may also hit another word of the sentence.
    assertThat(typos).isBetween(5, 80);
  }

  private static Set<String> texts(BookCaption caption) {
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      texts.add(caption.text(Phrasing.varied(new SplitMix(4, i))));
    }
    return texts;
  }

  private static BookCaption there(Place place, String... things) {
    List<ThingPhrase> phrases =
        Stream.of(things).map(thing -> phrase(1, thing, null, null)).toList();
    Category category = things.length == 1 ? Category.SINGLE_OBJECT : Category.TWO_OBJECT;
    return new BookCaption(category, phrases, null, place, false);
  }

  @Test
  void what_stands_is_on_the_ground_and_what_flies_is_over_it() {
    assertThat(texts(there(Place.SNOW, "cat")))
        .contains("a cat in the snow", "a cat on the snow", "a cat in the snow by day")
        .noneMatch(text -> text.contains("over"));
    assertThat(texts(there(Place.SNOW, "plane")))
        .contains("a plane in the snow", "a plane over the snow")
        .noneMatch(text -> text.contains("on the snow"));
    assertThat(texts(there(Place.SNOW, "plane", "cat")))
        .contains("a plane and a cat in the snow", "a plane with a cat in the snow")
        .noneMatch(text -> text.contains("on the snow") || text.contains("over"));
    // A bird may stand or fly.
    assertThat(texts(there(Place.SNOW, "bird")))
        .noneMatch(text -> text.contains("on the snow") || text.contains("over"));
    assertThat(there(Place.SEA, "plane").text()).isEqualTo("a plane over the sea");
    assertThat(texts(there(Place.SEA, "whale"))).contains("a whale in the ocean");
  }

  @Test
  void colours_and_places_have_several_words() {
    BookCaption car =
        new BookCaption(
            Category.COLORS,
            List.of(phrase(1, "car", ObjectColor.CYAN, null)),
            null,
            Place.GREY,
            false);
    assertThat(texts(car))
        .contains(
            "a cyan car on a grey background",
            "a turquoise car on a gray background",
            "a light blue automobile with a grey background");
  }

  @Test
  void a_slip_changes_one_place_and_never_the_first_letter() {
    for (int i = 0; i < 300; i++) {
      String text = Typo.in("a rocket", new SplitMix(1, i));
      assertThat(text).startsWith("a r").isNotEqualTo("a rocket");
      assertThat(text.length()).isBetween(7, 9);
    }
    assertThat(Typo.in("a fox", new SplitMix(1, 1))).isEqualTo("a fox");
  }

  @Test
  void what_cannot_be_is_refused() {
    assertThatThrownBy(() -> phrase(1, "cat", ObjectColor.BLUE, null))
        .hasMessageContaining("blue cat");
    assertThatThrownBy(() -> phrase(6, "cat", null, null)).hasMessageContaining("6 things");
    assertThatThrownBy(
            () ->
                new BookCaption(
                    Category.SINGLE_OBJECT,
                    List.of(phrase(1, "cat", null, null)),
                    null,
                    Place.ROOM,
                    true))
        .hasMessageContaining("no night");
  }
}

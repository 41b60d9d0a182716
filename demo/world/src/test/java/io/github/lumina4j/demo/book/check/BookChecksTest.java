package io.github.lumina4j.demo.book.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.Category;
import io.github.lumina4j.demo.Split;
import io.github.lumina4j.demo.SplitMix;
import io.github.lumina4j.demo.book.BookCaption;
import io.github.lumina4j.demo.book.BookCaptionSampler;
import io.github.lumina4j.demo.book.BookEdit;
import io.github.lumina4j.demo.book.BookEditChain;
import io.github.lumina4j.demo.book.BookEditSampler;
import io.github.lumina4j.demo.book.BookRelation;
import io.github.lumina4j.demo.book.BookRenderer;
import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.BookSceneSampler;
import io.github.lumina4j.demo.book.CaptionedBookScene;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.PlacedThing;
import io.github.lumina4j.demo.book.ThingName;
import io.github.lumina4j.demo.book.ThingPhrase;
import io.github.lumina4j.demo.book.ThingSize;
import io.github.lumina4j.demo.book.Things;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookChecksTest {
  private static PlacedThing thing(String name, ThingSize size, int x, int y) {
    return new PlacedThing(new ThingName(Things.named(name), null), size, false, x, y);
  }

  private static final PlacedThing TREE = thing("tree", ThingSize.LARGE, 4, 4);
  private static final PlacedThing FOX = thing("fox", ThingSize.SMALL, 5, 11);
  private static final BookScene SCENE = new BookScene(Place.SNOW, true, List.of(TREE, FOX));

  private static SeenBookScene seen(BookScene scene) {
    return new SeenBookScene(
        scene.place(),
        scene.night(),
        scene.things().stream().map(thing -> new SeenThing(thing, 0)).toList(),
        0);
  }

  private static BookCaption caption(BookRelation relation, Place place, boolean night) {
    return new BookCaption(
        relation == null ? Category.TWO_OBJECT : Category.POSITION,
        List.of(ThingPhrase.of(FOX.name()), ThingPhrase.of(TREE.name())),
        relation,
        place,
        night);
  }

  private static boolean passes(BookCaption caption) {
    return BookCaptionCheck.checkExactly(caption, seen(SCENE)).passed();
  }

  @Test
  void captions_must_be_right_in_all_that_they_say() {
    assertThat(passes(caption(BookRelation.BELOW, Place.SNOW, true))).isTrue();
    assertThat(passes(caption(null, null, true))).isTrue();
    assertThat(passes(caption(BookRelation.ABOVE, Place.SNOW, true))).isFalse();
    assertThat(passes(caption(BookRelation.BELOW, Place.BEACH, true))).isFalse();
    assertThat(passes(caption(BookRelation.BELOW, Place.SNOW, false))).isFalse();
    BookCaption alone =
        new BookCaption(
            Category.SINGLE_OBJECT, List.of(ThingPhrase.of(FOX.name())), null, null, true);
    assertThat(BookCaptionCheck.check(alone, seen(SCENE)).passed()).isTrue();
    assertThat(BookCaptionCheck.checkExactly(alone, seen(SCENE)).reason())
        .isEqualTo("2 things in the picture, not 1");
    BookCaption two =
        new BookCaption(
            Category.COUNTING,
            List.of(new ThingPhrase(2, FOX.name().thing(), null, null)),
            null,
            null,
            true);
    assertThat(BookCaptionCheck.check(two, seen(SCENE)).reason()).isEqualTo("1 of 2: two foxes");
  }

  @Test
  void rendered_scenes_pass_their_captions() {
    BookSceneSampler sampler = new BookSceneSampler(Split.HELD_OUT);
    int passed = 0;
    for (int i = 0; i < 30; i++) {
      Category category = Category.values()[i % Category.values().length];
      CaptionedBookScene drawn =
          sampler.draw(new SplitMix(12, i), BookCaptionSampler.TRAINING, category);
      SeenBookScene seen = BookReader.read(BookRenderer.picture(drawn.scene()));
      passed += BookCaptionCheck.checkExactly(drawn.caption(), seen).passed() ? 1 : 0;
    }
    assertThat(passed).isEqualTo(30);
  }

  @Test
  void rendered_edits_pass_and_pictures_left_alone_do_not() {
    BookEditSampler sampler = new BookEditSampler(Split.HELD_OUT, 4);
    int passed = 0;
    for (int i = 0; i < 20; i++) {
      BookEditChain chain = sampler.draw(new SplitMix(13, i), 1 + i % 2);
      RgbImage before = BookRenderer.picture(chain.before());
      RgbImage after = BookRenderer.picture(chain.after());
      BookEditCheck check = BookEditCheck.of(chain, before, after);
      passed += check.verdict().passed() && check.made() ? 1 : 0;
      assertThat(BookEditCheck.of(chain, before, before).made()).as(chain.toString()).isFalse();
    }
    assertThat(passed).isGreaterThanOrEqualTo(19);
  }

  @Test
  void what_else_changes_is_seen() {
    BookEditChain chain = new BookEditChain(SCENE, List.of(new BookEdit.Remove(FOX.name())));
    RgbImage before = BookRenderer.picture(SCENE);
    BookScene moved = new BookScene(Place.SNOW, true, List.of(TREE.at(9, 4)));
    BookEditCheck check = BookEditCheck.of(chain, before, BookRenderer.picture(moved));
    assertThat(check.made()).isTrue();
    assertThat(check.verdict().reason()).isEqualTo("something else has changed");
    assertThat(check.unchangedPsnr()).isLessThan(20);
    BookEditCheck right = BookEditCheck.of(chain, before, BookRenderer.picture(chain.after()));
    assertThat(right.verdict().passed()).isTrue();
    assertThat(right.unchangedPsnr()).isInfinite();
  }
}

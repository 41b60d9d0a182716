package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.demo.ObjectColor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpritesTest {
  @Test
  void every_thing_fills_its_box_and_stands_above_the_lower_side() {
    for (ThingName name : ThingName.all()) {
      for (ThingSize size : ThingSize.values()) {
        Sprite sprite = Sprites.of(name, size);
        assertThat(sprite.side()).isEqualTo(size.pixels());
        int left = sprite.side();
        int right = -1;
        int top = sprite.side();
        int bottom = -1;
        for (int i = 0; i < sprite.alpha().length; i++) {
          if (sprite.covers(i % sprite.side(), i / sprite.side())) {
            left = Math.min(left, i % sprite.side());
            right = Math.max(right, i % sprite.side());
            top = Math.min(top, i / sprite.side());
            bottom = Math.max(bottom, i / sprite.side());
          }
        }
        assertThat(Math.max(right - left, bottom - top) + 1)
            .as(name + " " + size)
            .isBetween(size.side() - 8, size.side() + 2);
        assertThat(Math.abs(left + right + 1 - sprite.side())).as(name + " " + size).isLessThan(7);
        assertThat(sprite.side() - 1 - bottom)
            .as(name + " " + size)
            .isBetween(size.floor() - 1, size.floor() + 6);
      }
    }
  }

  @Test
  void a_recoloured_thing_has_that_colour_and_keeps_the_rest() {
    for (Thing thing : Things.all().stream().filter(Thing::colored).toList()) {
      for (ObjectColor color : ObjectColor.values()) {
        Sprite sprite = Sprites.of(new ThingName(thing, color), ThingSize.LARGE);
        Hsv wanted = Hsv.of(color.rgb());
        int near = 0;
        for (int i = 0; i < sprite.rgb().length; i++) {
          Hsv hsv = Hsv.of(sprite.rgb()[i]);
          double turn = Math.abs((hsv.hue() - wanted.hue() + 540) % 360 - 180);
          near += sprite.alpha()[i] > 0.5 && hsv.saturation() > 0.3 && turn < 20 ? 1 : 0;
        }
        assertThat(near).as(color + " " + thing).isGreaterThan(120);
      }
    }
    Sprite red = Sprites.of(new ThingName(Things.named("car"), ObjectColor.RED), ThingSize.LARGE);
    Sprite blue = Sprites.of(new ThingName(Things.named("car"), ObjectColor.BLUE), ThingSize.LARGE);
    int kept = 0;
    for (int i = 0; i < red.rgb().length; i++) {
      kept += red.alpha()[i] > 0.5 && red.rgb()[i] == blue.rgb()[i] ? 1 : 0;
    }
    assertThat(kept).as("pixels of wheels and windows").isGreaterThan(200);
    assertThat(red.alpha()).isEqualTo(blue.alpha());
  }

  @Test
  void a_tent_comes_without_a_moon_and_a_boat_without_water() {
    ThingName green = new ThingName(Things.named("tent"), ObjectColor.GREEN);
    ThingName red = new ThingName(Things.named("boat"), ObjectColor.RED);
    for (ThingSize size : ThingSize.values()) {
      assertThat(hues(Sprites.of(green, size))).noneMatch(hue -> hue > 15 && hue < 60);
      assertThat(hues(Sprites.of(red, size))).noneMatch(hue -> hue > 190 && hue < 235);
    }
  }

  /** The hues of what is clearly coloured. */
  private static List<Double> hues(Sprite sprite) {
    List<Double> hues = new ArrayList<>();
    for (int i = 0; i < sprite.rgb().length; i++) {
      Hsv hsv = Hsv.of(sprite.rgb()[i]);
      if (sprite.alpha()[i] > 0.5 && hsv.saturation() > 0.4) {
        hues.add(hsv.hue());
      }
    }
    return hues;
  }

  @Test
  void no_two_look_the_same() {
    Set<List<Integer>> seen = new HashSet<>();
    for (ThingName name : ThingName.all()) {
      Sprite sprite = Sprites.of(name, ThingSize.SMALL);
      List<Integer> pixels = new ArrayList<>();
      for (int i = 0; i < sprite.rgb().length; i++) {
        pixels.add(sprite.alpha()[i] > 0.5 ? sprite.rgb()[i] : -1);
      }
      assertThat(seen.add(pixels)).as(name.toString()).isTrue();
    }
  }
}

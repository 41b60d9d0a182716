package io.github.lumina4j.demo.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.demo.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThingsTest {
  @Test
  void at_least_sixty_have_pictures_of_their_own_and_the_six_shapes_stay() {
    assertThat(Things.all().stream().filter(thing -> thing.shape().isEmpty()))
        .hasSizeGreaterThanOrEqualTo(60);
    assertThat(Things.all().stream().flatMap(thing -> thing.shape().stream()))
        .containsExactly(Shape.values());
  }

  @Test
  void no_word_means_two_things() {
    List<String> words = new ArrayList<>();
    for (Thing thing : Things.all()) {
      Stream.concat(Stream.of(thing.noun()), thing.synonyms().stream())
          .flatMap(noun -> Stream.of(noun.singular(), noun.plural()).distinct())
          .forEach(words::add);
    }
    assertThat(words).doesNotHaveDuplicates().allMatch(word -> word.matches("[a-z]+( [a-z]+)*"));
  }

  @Test
  void things_are_found_by_name() {
    assertThat(Things.named("pine tree").noun().plural()).isEqualTo("pine trees");
    assertThat(Things.named("cat").synonyms()).contains(new Noun("kitten", "kittens"));
    assertThatThrownBy(() -> Things.named("kitten")).hasMessageContaining("'kitten'");
  }

  @Test
  void eight_colours_make_eight_names() {
    assertThat(ThingName.all().stream().filter(name -> name.thing().name().equals("car")))
        .extracting(ThingName::toString)
        .contains("red car", "pink car")
        .hasSize(8);
    assertThatThrownBy(() -> new ThingName(Things.named("car"), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_licence_of_the_pictures_lies_beside_them_and_in_the_jar()
      throws IOException, URISyntaxException {
    try (InputStream licence = Things.class.getResourceAsStream("LICENSE.txt")) {
      assertThat(new String(licence.readAllBytes(), StandardCharsets.UTF_8))
          .contains("MIT License", "Copyright (c) Microsoft Corporation");
    }
    // What is packed with the classes; other jars on the path have notices, too.
    Path classes =
        Path.of(Things.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(classes.resolve("META-INF/THIRD-PARTY-NOTICES.md")).content().contains("Fluent");
  }
}

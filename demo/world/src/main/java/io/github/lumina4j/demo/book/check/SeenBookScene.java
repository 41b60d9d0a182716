package io.github.lumina4j.demo.book.check;

import io.github.lumina4j.demo.book.BookScene;
import io.github.lumina4j.demo.book.Place;
import io.github.lumina4j.demo.book.PlacedThing;
import io.github.lumina4j.demo.book.ThingPhrase;
import java.util.List;

/**
 * What a picture shows.
 *
 * @param place the nearest one
 * @param night whether it is night there
 * @param things what was recognised
 * @param unknown how many cells show something that is neither the place nor a thing
 */
public record SeenBookScene(Place place, boolean night, List<SeenThing> things, int unknown) {
  public SeenBookScene {
    things = List.copyOf(things);
  }

  /** The things that the phrase may mean. */
  List<PlacedThing> matching(ThingPhrase phrase) {
    return things.stream()
        .map(SeenThing::thing)
        .filter(thing -> phrase.matches(thing.name(), thing.size()))
        .toList();
  }

  /** All of it as a scene. */
  public BookScene scene() {
    return new BookScene(place, night, things.stream().map(SeenThing::thing).toList());
  }
}

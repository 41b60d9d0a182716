package io.github.lumina4j.demo.check;

import io.github.lumina4j.demo.Background;
import io.github.lumina4j.demo.ObjectName;
import io.github.lumina4j.demo.Scene;
import io.github.lumina4j.demo.SceneObject;
import java.util.List;
import java.util.Optional;

/**
 * What a picture shows.
 *
 * @param background the nearest one
 * @param objects the best match first
 * @param unknown how many other things there are, which look like no shape
 */
public record SeenScene(Background background, List<SeenObject> objects, int unknown) {
  public SeenScene {
    objects = List.copyOf(objects);
  }

  /** The objects of that colour and shape. */
  List<SeenObject> named(ObjectName name) {
    return objects.stream().filter(o -> o.name().equals(name)).toList();
  }

  /** The scene with every object on the nearest cell; none if they do not make one. */
  public Optional<Scene> snapped() {
    Scene scene = new Scene(background, List.of());
    for (SeenObject object : objects) {
      Optional<SceneObject> there = object.snapped();
      if (there.isEmpty() || !scene.hasRoomFor(there.get())) {
        return Optional.empty();
      }
      scene = scene.with(there.get());
    }
    return Optional.of(scene);
  }
}

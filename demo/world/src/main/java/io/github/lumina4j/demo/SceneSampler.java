package io.github.lumina4j.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws scenes at random, of one {@link Split} only. A scene that shows a caption holds what the
 * caption says and nothing else; what it leaves unsaid is random.
 */
public final class SceneSampler {
  private final Split split;

  public SceneSampler(Split split) {
    this.split = split;
  }

  /** A caption of that category and a scene that shows it. */
  public CaptionedScene draw(SplitMix random, CaptionSampler captions, Category category) {
    while (true) {
      Caption caption = captions.draw(random, category);
      Optional<Scene> scene = tryScene(random, caption);
      if (scene.isPresent()) {
        return new CaptionedScene(inReadingOrder(caption, scene.get()), scene.get());
      }
    }
  }

  /** A scene of that many objects, no two of the same name. */
  public Scene draw(SplitMix random, int objects) {
    while (true) {
      List<ObjectPhrase> phrases = new ArrayList<>();
      while (phrases.size() < objects) {
        ObjectName name = new ObjectName(random.pick(Shape.class), random.pick(ObjectColor.class));
        ObjectPhrase phrase = ObjectPhrase.of(name);
        if (!phrases.contains(phrase)) {
          phrases.add(phrase);
        }
      }
      Optional<Scene> scene = tryScene(random, new Caption(Category.LIST, phrases, null, null));
      if (scene.isPresent()) {
        return scene.get();
      }
    }
  }

  /** A scene for the caption, or none if what was drawn for it is of the other split. */
  public Optional<Scene> tryScene(SplitMix random, Caption caption) {
    Background background =
        caption.background() != null ? caption.background() : random.pick(Background.class);
    while (true) {
      List<SceneObject> loose = objects(random, caption);
      if (!split.containsContent(loose.stream().map(SceneObject::name).toList())) {
        return Optional.empty();
      }
      Optional<List<SceneObject>> placed =
          caption.relation() == null
              ? Placement.anywhere(random, loose)
              : Placement.related(random, loose.get(0), caption.relation(), loose.get(1));
      if (placed.isPresent()) {
        return Optional.of(new Scene(background, placed.get()));
      }
    }
  }

  /**
   * The caption with its objects in the order in which they are met from the top left to the bottom
   * right, as one would name them; a relation says itself what comes first.
   */
  private static Caption inReadingOrder(Caption caption, Scene scene) {
    if (caption.relation() != null || caption.objects().size() == 1) {
      return caption;
    }
    List<ObjectPhrase> ordered =
        scene.objects().stream() // which are kept in that order
            .map(object -> phrase(caption, object))
            .toList();
    return new Caption(caption.category(), ordered, null, caption.background());
  }

  private static ObjectPhrase phrase(Caption caption, SceneObject object) {
    return caption.objects().stream()
        .filter(phrase -> phrase.matches(object.shape(), object.color(), object.size()))
        .findFirst()
        .orElseThrow();
  }

  /** The objects of the caption, what is unsaid filled in, all in the same corner. */
  private static List<SceneObject> objects(SplitMix random, Caption caption) {
    List<SceneObject> objects = new ArrayList<>();
    for (ObjectPhrase phrase : caption.objects()) {
      ObjectColor color = phrase.color() != null ? phrase.color() : random.pick(ObjectColor.class);
      ObjectSize size = phrase.size() != null ? phrase.size() : random.pick(ObjectSize.class);
      for (int i = 0; i < phrase.count(); i++) {
        objects.add(new SceneObject(phrase.shape(), color, size, 0, 0));
      }
    }
    return objects;
  }
}
